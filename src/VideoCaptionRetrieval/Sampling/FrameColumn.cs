using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval;

/// <summary>
/// A column of frames that <see cref="FrameSampler"/> adds: Vector&lt;Byte&gt; [N, S, S, 3], RGB, row-major, in time order, and beside it
/// NAME.Times, Vector&lt;Double&gt; [N], the presentation time of each frame in seconds. Immutable.
/// </summary>
public sealed class FrameColumn
{
    /// <summary>Default name of the frame column that the estimators read.</summary>
    public const string DefaultName = "Frames";

    /// <summary>Default of the number of frames, as in the paper.</summary>
    public const int DefaultCount = 10;

    /// <summary>Creates a column of frames of a given format.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="format">Size, fit and crop rule.</param>
    /// <param name="count">The number of frames N.</param>
    /// <exception cref="ArgumentException">The name is empty, or a number is below 1.</exception>
    public FrameColumn(string name, FrameFormat format, int count = DefaultCount)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(format);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!format.HasFixedSize)
        {
            throw new ArgumentException(
                $"Frames of the fit '{format.Fit}' differ in size from video to video; a column holds frames of one size. "
                + $"Choose {nameof(FrameFit.CenterCrop)}, {nameof(FrameFit.Stretch)} or {nameof(FrameFit.Pad)}.", nameof(format));
        }
        if (format.Size < 1) throw new ArgumentException($"Frame size is '{format.Size}', expected at least 1 pixel.", nameof(format));
        (Name, Format, Count) = (name, format, count);
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>Size, fit and crop rule of the frames.</summary>
    public FrameFormat Format { get; }

    /// <summary>The number of frames N.</summary>
    public int Count { get; }

    /// <summary>Selects the N frames of a clip.</summary>
    /// <value>The default is <see cref="FrameSelection.SegmentMiddles"/>.</value>
    public FrameSelection Selection { get; init; } = FrameSelection.SegmentMiddles;

    /// <summary>Creates the column that a checkpoint takes: size, fit and crop rule are read from its configuration.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="checkpointFolder">
    /// The folder, or the file of weights, of the network that will see the frames: a CLIP or a captioner (of a ClipCap whose CLIP lies
    /// elsewhere, that CLIP's).
    /// </param>
    /// <param name="count">The number of frames N.</param>
    /// <param name="imageSize">Width and height in pixels, where they differ from the checkpoint's; null = the checkpoint's.</param>
    /// <exception cref="Models.ModelFileException">
    /// The checkpoint is missing, or its configuration does not say what a frame looks like.
    /// </exception>
    public static FrameColumn For(string name, string checkpointFolder, int count = DefaultCount, int? imageSize = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(checkpointFolder);
        var format = CheckpointFormats.ReadPreprocessing(checkpointFolder).Format;
        return new(name, imageSize is { } size ? format with { Size = size } : format, count);
    }

    /// <summary>Creates one column for each form of frames, which all networks of that form share: Frames, Frames2 and so on.</summary>
    /// <param name="formats">What the networks take; repeated forms get one column.</param>
    /// <param name="count">The number of frames N.</param>
    /// <returns>The columns by their forms, in the order of the forms.</returns>
    public static IReadOnlyDictionary<FrameFormat, FrameColumn> Shared(IEnumerable<FrameFormat> formats, int count = DefaultCount)
    {
        ArgumentNullException.ThrowIfNull(formats);
        return formats.Distinct()
            .Select((format, index) => new FrameColumn(index == 0 ? DefaultName : $"{DefaultName}{index + 1}", format, count))
            .ToDictionary(column => column.Format);
    }
}
