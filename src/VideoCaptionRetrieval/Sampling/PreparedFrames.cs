using System.Collections.Frozen;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>Frames of one video, resized as they arrive; the decoded pictures are not kept. Not thread-safe.</summary>
internal sealed class PreparedFrames
{
    private readonly Dictionary<(long Timestamp, FrameFormat Format), byte[]> _frames = [];

    /// <summary>Decodes the video and keeps the plan's frames; without a plan, only the timeline is found.</summary>
    internal FrameTimeline Decode(IVideoDecoder decoder, SamplingPlan? plan, CancellationToken cancellationToken)
    {
        var formats = plan?.Formats.Where(frame =>
            frame.Value.Any(format => !_frames.ContainsKey((frame.Key, format)))).ToFrozenDictionary()
            ?? FrozenDictionary<long, HashSet<FrameFormat>>.Empty;
        return decoder.Decode(formats.Keys.ToFrozenSet(), (timestamp, width, height, rgb) =>
        {
            foreach (var format in formats[timestamp])
            {
                var frame = new byte[format.FrameBytes];
                FramePreparation.Prepare(rgb, width, height, format, frame);
                _frames[(timestamp, format)] = frame;
            }
        }, cancellationToken);
    }

    /// <summary>Whether every frame of the plan is here.</summary>
    internal bool Holds(SamplingPlan plan) =>
        plan.Formats.All(frame => frame.Value.All(format => _frames.ContainsKey((frame.Key, format))));

    internal SampledFrames Assemble(SamplingPlan plan, IReadOnlyList<FrameRequest> requests, FrameTimeline timeline)
    {
        var frames = requests.Select((request, i) =>
        {
            var pixels = new byte[checked(request.Count * request.Format.FrameBytes)];
            for (var k = 0; k < request.Count; k++)
                _frames[(plan.Timestamps(i)[k], request.Format)].CopyTo(pixels, k * request.Format.FrameBytes);
            return pixels;
        });
        var times = requests.Select((_, i) => plan.Timestamps(i).Select(timeline.Time).ToArray());
        return new([.. frames], [.. times], plan.Duration);
    }
}
