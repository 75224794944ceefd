using System.Collections.Concurrent;
using System.Globalization;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>Frames without a video: every byte of frame k of video "v7" is 7 + k; "bad…" is unreadable. Keeps the calls.</summary>
internal sealed class CountingFrameReader
{
    internal ConcurrentQueue<(VideoClip Clip, IReadOnlyList<FrameRequest> Requests)> Calls { get; } = new();

    internal SampledFrames Read(VideoClip clip, IReadOnlyList<FrameRequest> requests, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Calls.Enqueue((clip, requests));
        var name = Path.GetFileName(clip.Path);
        if (name.StartsWith("bad", StringComparison.Ordinal)) throw new VideoReadException(clip.Path, "there is no video stream");
        var number = int.Parse(name[1..], CultureInfo.InvariantCulture);
        return new(
            [.. requests.Select(request => Enumerable.Range(0, request.Count!.Value * request.Format.FrameBytes).Select(i => (byte)(number + i / request.Format.FrameBytes)).ToArray())],
            [.. requests.Select(request => Enumerable.Range(0, request.Count!.Value).Select(k => number + k / 4.0).ToArray())],
            10);
    }
}
