using VideoCaptionRetrieval.TestSupport.Retrieval;
using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Tests.Training.Data;

public sealed class FrameLoaderTests
{
    private const int Frames = 2;
    private readonly ColouredVideos _videos = new();
    private readonly TrainingItem[] _items = [.. Enumerable.Range(0, 5).Select(i => new TrainingItem(new VideoClip($"v{i}", $"v{i}.mp4"), ["a caption"]))];

    private FrameLoader Loader(bool leaveOut) => new(new(_items, _videos, Frames, Seed: 3, leaveOut));

    private byte[] Expected(int item)
    {
        var frames = new byte[Frames * _videos.Format.FrameBytes];
        _videos.ReadTrainingFrames(_items[item].Clip, Frames, seed: 3, epoch: 1, frames, CancellationToken.None);
        return frames;
    }

    [Fact]
    public void Load_ReadableVideos_FramesInThePlansOrder()
    {
        using var batch = Loader(leaveOut: false).Load(new(1, 0, [4, 0, 2]), CancellationToken.None);

        Assert.Equal([4, 0, 2], batch.Items);
        Assert.Equal([.. Expected(4), .. Expected(0), .. Expected(2)], batch.Frames[..(3 * Frames * _videos.Format.FrameBytes)]);
        Assert.Empty(batch.Unreadable);
    }

    [Fact]
    public void Load_UnreadableLeftOut_GapClosedAndNotTriedAgain()
    {
        _videos.Unreadable.Add("v4");
        _videos.Unreadable.Add("v0");
        var loader = Loader(leaveOut: true);

        using var first = loader.Load(new(1, 0, [4, 1, 0, 2]), CancellationToken.None);
        using var second = loader.Load(new(1, 1, [4, 3]), CancellationToken.None);

        Assert.Equal([1, 2], first.Items);
        Assert.Equal([.. Expected(1), .. Expected(2)], first.Frames[..(2 * Frames * _videos.Format.FrameBytes)]);
        Assert.Equal([4, 0], first.Unreadable.Select(one => one.Item));
        Assert.Contains("it is damaged", first.Unreadable[0].Reason);
        Assert.Equal([3], second.Items);
        Assert.Single(_videos.Calls, call => call.VideoId == "v4");
    }

    [Fact]
    public void Load_UnreadableNotLeftOut_Throws()
    {
        _videos.Unreadable.Add("v2");
        var e = Assert.Throws<VideoReadException>(() => Loader(leaveOut: false).Load(new(0, 0, [1, 2]), CancellationToken.None));
        Assert.Equal("v2.mp4", e.Path);
    }

    [Fact]
    public void Load_Cancelled_Throws() => Assert.ThrowsAny<OperationCanceledException>(
        () => Loader(leaveOut: true).Load(new(0, 0, [1, 2]), new CancellationToken(canceled: true)));
}
