namespace VideoCaptionRetrieval.Models.Imaging;

/// <summary>
/// The image preprocessing of a checkpoint: fits images into <see cref="Format"/>, then scales and normalises pixels. Thread-safe.
/// </summary>
public sealed class ImagePreprocessing
{
    private const int Channels = 3;
    private const int Levels = 256;

    /// <summary>
    /// OPENAI_CLIP_MEAN and OPENAI_CLIP_STD of transformers, which are also the defaults of its CLIP and BLIP image processors.
    /// </summary>
    internal static readonly IReadOnlyList<double> ClipMean = [0.48145466, 0.4578275, 0.40821073];

    /// <inheritdoc cref="ClipMean"/>
    internal static readonly IReadOnlyList<double> ClipStandardDeviation = [0.26862954, 0.26130258, 0.27577711];

    /// <summary>Default factor on pixel levels: they are divided by 255.</summary>
    internal const double DefaultRescaleFactor = 1 / 255.0;

    private readonly float[] _values = new float[Channels * Levels];

    /// <summary>Creates a preprocessing that computes (x · rescaleFactor − mean) / standardDeviation for each channel.</summary>
    public ImagePreprocessing(
        FrameFormat format,
        IReadOnlyList<double>? mean = null,
        IReadOnlyList<double>? standardDeviation = null,
        double rescaleFactor = DefaultRescaleFactor)
    {
        Format = format;
        Mean = mean ?? ClipMean;
        StandardDeviation = standardDeviation ?? ClipStandardDeviation;
        RescaleFactor = rescaleFactor;
        for (var channel = 0; channel < Channels; channel++)
            for (var level = 0; level < Levels; level++)
            {
                // The reference rounds the scaled level to float32, then subtracts and divides in float32.
                var scaled = (float)(level * rescaleFactor);
                _values[(channel * Levels) + level] = (scaled - (float)Mean[channel]) / (float)StandardDeviation[channel];
            }
    }

    /// <summary>Format of the frames that <see cref="Normalise"/> takes.</summary>
    public FrameFormat Format { get; }

    /// <summary>Where the settings come from; null for a preprocessing that no checkpoint states.</summary>
    internal PreprocessingSource? Source { get; init; }

    /// <summary>Mean of each channel, R, G, B, in [0, 1].</summary>
    internal IReadOnlyList<double> Mean { get; }

    /// <summary>Divisor of each channel, R, G, B, after subtracting the mean.</summary>
    internal IReadOnlyList<double> StandardDeviation { get; }

    /// <summary>Factor on pixel levels 0…255, applied first.</summary>
    internal double RescaleFactor { get; }

    /// <summary>Returns the same preprocessing for frames of another size in pixels.</summary>
    internal ImagePreprocessing WithSize(int size) =>
        Format.Size == size ? this : new(Format with { Size = size }, Mean, StandardDeviation, RescaleFactor) { Source = Source };

    /// <summary>Turns frames into the pixel values that the network takes.</summary>
    /// <param name="frames">[count, S, S, 3] bytes.</param>
    /// <param name="count">The number of frames.</param>
    /// <param name="pixelValues">[count, 3, S, S], written.</param>
    /// <exception cref="ArgumentException">
    /// The spans do not have the lengths that <paramref name="count"/> and the format require.
    /// </exception>
    public void Normalise(ReadOnlySpan<byte> frames, int count, Span<float> pixelValues)
    {
        var expected = (long)count * Format.FrameBytes;
        if (frames.Length != expected || pixelValues.Length != expected)
        {
            throw new ArgumentException($"{count} frames of {Format.Size}x{Format.Size} have {expected} bytes and as many values; "
                + $"got {frames.Length} bytes and room for {pixelValues.Length} values.", nameof(frames));
        }
        var plane = Format.Size * Format.Size;
        for (var frame = 0; frame < count; frame++)
            Divide(frames.Slice(frame * Format.FrameBytes, Format.FrameBytes), pixelValues.Slice(frame * Format.FrameBytes, 3 * plane));
    }

    /// <summary>Normalises one frame: looks up each byte in its channel's table and writes it to its channel's plane.</summary>
    private unsafe void Divide(ReadOnlySpan<byte> frame, Span<float> planes)
    {
        var plane = planes.Length / Channels;
        fixed (byte* pixels = frame)
        fixed (float* values = _values, first = planes)
        {
            float* red = first, green = red + plane, blue = green + plane;
            for (var pixel = pixels; pixel < pixels + frame.Length; pixel += Channels)
            {
                *red++ = values[pixel[0]];
                *green++ = values[Levels + pixel[1]];
                *blue++ = values[(2 * Levels) + pixel[2]];
            }
        }
    }
}
