using System.Collections.Concurrent;
using System.Globalization;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.TestSupport.Retrieval;

/// <summary>Frames without a video: each video has a colour of its own, by its number, and each frame a little noise. Keeps the calls.</summary>
internal sealed class ColouredVideos : IFrameSource
{
    internal ConcurrentQueue<(string VideoId, int Epoch)> Calls { get; } = new();

    /// <summary>Videos that cannot be read.</summary>
    internal HashSet<string> Unreadable { get; } = [];

    public FrameFormat Format { get; } = new(SmallModels.ImageSize);

    public void ReadTrainingFrames(VideoClip clip, int count, int seed, int epoch, Memory<byte> frames, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Calls.Enqueue((clip.VideoId, epoch));
        if (Unreadable.Contains(clip.VideoId)) throw new VideoReadException(clip.Path, "it is damaged");
        Paint(clip.VideoId, new Random(seed + (100 * epoch)), frames.Span[..(count * Format.FrameBytes)]);
    }

    /// <summary>Keeps the call under epoch −1.</summary>
    public void ReadTestFrames(VideoClip clip, int count, Memory<byte> frames, CancellationToken cancellationToken) =>
        ReadTrainingFrames(clip, count, seed: 0, epoch: -1, frames, cancellationToken);

    internal static void Paint(string videoId, Random noise, Span<byte> frames)
    {
        var number = int.Parse(videoId[1..], CultureInfo.InvariantCulture);
        for (var i = 0; i < frames.Length; i++)
        {
            var channel = i % 3;
            var level = (number * (37 + (50 * channel))) % 200;
            frames[i] = (byte)(level + noise.Next(20));
        }
    }
}
