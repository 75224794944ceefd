using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Video.Decoding;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Video.Reading;

/// <summary>Collects frames of one video, resized as they are decoded; decoded pictures are not kept. Not thread-safe.</summary>
/// <param name="requests">The requests.</param>
internal sealed class PreparedFrames(IReadOnlyList<FrameRequest> requests)
{
    /// <summary>Maximum size of the answer to one request: that of an array.</summary>
    private static readonly long MaxBytes = Array.MaxLength;

    private readonly Dictionary<(long Timestamp, FrameFormat Format), PreparedFrame> _frames = [];
    private readonly FrameFormat[] _formats = [.. requests.Select(request => request.Format).Distinct()];

    /// <summary>The collected frames.</summary>
    internal IReadOnlyDictionary<(long Timestamp, FrameFormat Format), PreparedFrame> All => _frames;

    /// <summary>Adds a frame that is prepared already.</summary>
    internal void Add(long timestamp, FrameFormat format, PreparedFrame frame) => _frames[(timestamp, format)] = frame;

    /// <summary>Whether a frame was collected.</summary>
    internal bool Holds(long timestamp, FrameFormat format) => _frames.ContainsKey((timestamp, format));

    /// <summary>Whether every frame of a plan is known and was collected.</summary>
    internal bool Holds(SamplingPlan plan) =>
        plan.IsResolved && plan.Formats.All(frame => frame.Value.All(format => Holds(frame.Key, format)));

    /// <summary>Decodes by a plan and collects the wanted frames.</summary>
    /// <param name="decoder">The video.</param>
    /// <param name="plan">The parts to decode.</param>
    /// <param name="sampling">The formats in which each frame is needed; other frames, which are candidates, are kept in all formats.</param>
    /// <param name="cancellationToken">Cancels the decoding.</param>
    /// <returns>The times of the frames; null where they are in doubt, and nothing was collected.</returns>
    internal FrameTimeline? Decode(IVideoDecoder decoder, DecodePlan plan, SamplingPlan? sampling, CancellationToken cancellationToken)
    {
        var arrived = new Dictionary<(long, FrameFormat), PreparedFrame>();
        var timeline = decoder.Decode(plan, (timestamp, width, height, rgb) =>
        {
            if (!plan.Wants(timestamp)) return;
            var isChosen = sampling is not null && sampling.Formats.ContainsKey(timestamp);
            IEnumerable<FrameFormat> formats = isChosen ? sampling!.Formats[timestamp] : _formats;
            foreach (var format in formats)
                if (!Holds(timestamp, format)) arrived[(timestamp, format)] = Prepare(rgb, width, height, format);
        }, cancellationToken);
        if (timeline is null) return null;
        foreach (var (key, frame) in arrived) _frames[key] = frame;
        return timeline;
    }

    /// <summary>Assembles the answer to the requests.</summary>
    /// <param name="path">The video, for errors.</param>
    /// <param name="plan">A plan whose frames were all collected.</param>
    internal SampledFrames Assemble(string path, SamplingPlan plan)
    {
        var timestamps = requests.Select((_, i) => plan.Timestamps(i)).ToList();
        var frames = requests.Select((request, i) =>
            timestamps[i].Select(timestamp => _frames[(timestamp, request.Format)]).ToArray()).ToList();
        return new(
            [.. frames.Select(request => Concatenate(path, request))],
            [.. timestamps.Select(request => request.Select(timestamp => plan.Timeline.Time(timestamp) + plan.Times.PictureStart).ToArray())],
            plan.Times.Duration)
        {
            Sizes = [.. frames.Select(request => request.Select(frame => new FrameSize(frame.Width, frame.Height)).ToArray())],
        };
    }

    private static byte[] Concatenate(string path, PreparedFrame[] frames)
    {
        var length = frames.Sum(frame => (long)frame.Pixels.Length);
        if (length > MaxBytes)
            throw new VideoReadException(path, $"{frames.Length} frames have {length} bytes; at most {MaxBytes} are read at once");
        var pixels = new byte[length];
        var at = 0;
        foreach (var frame in frames)
        {
            frame.Pixels.CopyTo(pixels, at);
            at += frame.Pixels.Length;
        }
        return pixels;
    }

    private static PreparedFrame Prepare(ReadOnlySpan<byte> rgb, int width, int height, FrameFormat format)
    {
        var size = FramePreparation.OutputSize(width, height, format);
        var frame = new byte[3 * size.Width * size.Height];
        FramePreparation.Prepare(rgb, width, height, format, frame);
        return new(size.Width, size.Height, frame);
    }
}
