using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Tests.Training.Data;

public sealed class FramePoolTests
{
    private const int PerSegment = 3, Segments = 4;
    private static readonly FrameFormat Format = new(2);

    [Fact]
    public void ReadTrainingFrames_EveryEpoch_OneFrameFromEachSegment()
    {
        using var pool = new FramePool(Format, PerSegment * Segments);
        var clips = Enumerable.Range(0, 3).Select(i => new VideoClip("same name", "")).ToArray();
        for (var video = 0; video < clips.Length; video++) pool.Add(clips[video], Frames(video));
        pool.Flush();
        var seen = new HashSet<byte>();

        for (var epoch = 0; epoch < 40; epoch++)
        {
            var frames = new byte[Segments * Format.FrameBytes];
            pool.ReadTrainingFrames(clips[1], Segments, seed: 5, epoch, frames, CancellationToken.None);
            for (var n = 0; n < Segments; n++)
            {
                var frame = frames.AsSpan(n * Format.FrameBytes, Format.FrameBytes).ToArray();
                Assert.InRange(frame[0], 100 + (n * PerSegment), 100 + (n * PerSegment) + PerSegment - 1);
                Assert.All(frame, value => Assert.Equal(frame[0], value));
                seen.Add(frame[0]);
            }
        }

        Assert.Equal(PerSegment * Segments, seen.Count);
    }

    [Fact]
    public void ReadTrainingFrames_ManyThreads_SameFramesAsOne()
    {
        using var pool = new FramePool(Format, PerSegment * Segments);
        var clip = new VideoClip("v", "");
        pool.Add(clip, Frames(0));
        pool.Flush();
        byte[] Read(int epoch)
        {
            var frames = new byte[Segments * Format.FrameBytes];
            pool.ReadTrainingFrames(clip, Segments, seed: 5, epoch, frames, CancellationToken.None);
            return frames;
        }
        var expected = Enumerable.Range(0, 50).Select(Read).ToArray();
        var got = new byte[50][];

        Parallel.For(0, 50, epoch => got[epoch] = Read(epoch));

        Assert.Equal(expected, got);
    }

    /// <summary>Every byte of frame k of video v is 100·v + k.</summary>
    private static byte[] Frames(int video) =>
        [.. Enumerable.Range(0, PerSegment * Segments).SelectMany(k => Enumerable.Repeat((byte)((100 * video) + k), Format.FrameBytes))];
}
