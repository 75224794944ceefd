using SkiaSharp;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Decoding;

/// <summary>Decodes animated WebP files, which ffmpeg up to version 7 cannot.</summary>
internal sealed class AnimatedWebpDecoder : IVideoDecoder
{
    private const int HeaderLength = 21;
    private const byte AnimationFlag = 0x02;
    private const long MaximumBytes = 256L << 20;

    private static readonly TimeBase _milliseconds = new(1, 1000);

    private readonly string _path;
    private readonly byte[] _file;
    private readonly long[] _starts;
    private readonly FrameTimeline _timeline;

    internal AnimatedWebpDecoder(string path, string fullPath, FfmpegOptions options)
    {
        _path = path;
        var length = new FileInfo(fullPath).Length;
        if (length > MaximumBytes)
            throw new VideoReadException(path, $"is an animated WebP of {length} bytes; at most {MaximumBytes} are read");
        _file = File.ReadAllBytes(fullPath);
        using var codec = OpenCodec();
        if ((long)codec.Info.Width * codec.Info.Height > options.MaximumPixels)
            throw new VideoReadException(path,
                $"claims {codec.Info.Width}x{codec.Info.Height} pixels; at most {options.MaximumPixels} are decoded");
        var durations = codec.FrameInfo.Select(frame => (long)frame.Duration).ToArray();
        if (durations.Length == 0) throw new VideoReadException(path, "is an animated WebP without frames");
        _starts = new long[durations.Length];
        for (var i = 1; i < _starts.Length; i++) _starts[i] = _starts[i - 1] + durations[i - 1];
        _timeline = new(_starts, _milliseconds, durations[^1]);
    }

    public double? StatedDuration => null;

    public double? FileStart => null;

    public FrameTimeline? Expected => _timeline;

    /// <summary>Later frames may show parts of earlier ones.</summary>
    public IReadOnlyList<long>? KeyFrames => [_starts[0]];

    /// <summary>Whether the file is a WebP whose header announces an animation.</summary>
    internal static bool Recognise(string fullPath)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        using var file = File.OpenRead(fullPath);
        return file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength
            && header.StartsWith("RIFF"u8) && header[8..].StartsWith("WEBPVP8X"u8) && (header[20] & AnimationFlag) != 0;
    }

    public DecodePlan? Plan(IReadOnlyList<double> times, FrameTimeline? known, bool onePass) =>
        DecodePlan.OnePass(TimestampWindow.Join(
            times.Select(time => _timeline.OnScreen(time)!.Value).Select(at => new TimestampWindow(at, at))));

    public FrameTimeline? Decode(DecodePlan plan, FrameConsumer consume, CancellationToken cancellationToken)
    {
        using var codec = OpenCodec();
        for (var i = 0; i < _starts.Length; i++)
        {
            if (!plan.Wants(_starts[i])) continue;
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                consume(_starts[i], codec.Info.Width, codec.Info.Height, ImageFile.Rgb(codec, i, _path));
            }
            catch (InvalidDataException e)
            {
                throw new VideoReadException(_path, $"frame {i} of the animated WebP cannot be decoded", e);
            }
        }
        return _timeline;
    }

    private SKCodec OpenCodec()
    {
        using var data = SKData.CreateCopy(_file);
        return SKCodec.Create(data) ?? throw new VideoReadException(_path, "is a damaged animated WebP");
    }
}
