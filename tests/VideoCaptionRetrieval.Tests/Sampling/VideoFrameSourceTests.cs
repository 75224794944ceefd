using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Tests.Video;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Tests.Sampling;

public sealed class VideoFrameSourceTests : IDisposable
{
    private const int Segments = 5;
    private const int FramesPerSegment = 10;

    private static readonly FrameFormat _format = new(8);

    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-source-").FullName;
    private readonly VideoFrameSource _source = new(new VideoFrameReader(new()).Read, new("Frames", _format));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void ReadTrainingFrames_Epochs_DrawOneFrameOfEachSegment()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var clip = CountedClip();
        var epochs = Enumerable.Range(0, 4).Select(epoch => Ordinals(clip, 1, epoch)).ToArray();
        foreach (var ordinals in epochs) Assert.Equal([.. Enumerable.Range(0, Segments)], ordinals.Select(n => n / FramesPerSegment));
        Assert.True(epochs.Select(ordinals => string.Join(',', ordinals)).Distinct().Count() > 1);
        Assert.Equal(epochs[2], Ordinals(clip, 1, 2));
        Assert.NotEqual(Ordinals(clip, 1, 0), Ordinals(clip, 2, 0));
    }

    [SkippableFact]
    public void ReadTrainingFrames_PartOfAVideo_StaysInIt()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var ordinals = Ordinals(CountedClip() with { Start = 0.4, End = 0.8 }, 1, 0);
        Assert.All(ordinals, n => Assert.InRange(n, 10, 19));
        Assert.Equal(ordinals.Order(), ordinals);
    }

    [Fact]
    public void ReadTrainingFrames_CallerMistakes_AreArgumentErrors()
    {
        Assert.ThrowsAny<ArgumentException>(() => _source.ReadTrainingFrames(new("v", "v.mp4"), 0, 1, 0, new byte[1], default));
        Assert.Contains("room for 5", Assert.ThrowsAny<ArgumentException>(() => _source.ReadTrainingFrames(new("v", "v.mp4"), 1, 1, 0, new byte[5], default)).Message);
    }

    private int[] Ordinals(VideoClip clip, int seed, int epoch)
    {
        var frames = new byte[Segments * _format.FrameBytes];
        _source.ReadTrainingFrames(clip, Segments, seed, epoch, frames, default);
        return [.. frames.Chunk(_format.FrameBytes).Select(frame => frame[0] / 4)];
    }

    /// <summary>Frame n is plain grey of level 4n.</summary>
    private VideoClip CountedClip() => new("clips/counted.mkv", InstalledFfmpeg.Make(Path.Combine(_folder, "counted.mkv"), "-f", "lavfi",
        "-i", "color=black:s=16x16:r=25,format=gbrp,geq=r=4*N:g=4*N:b=4*N,format=rgb24", "-frames:v", $"{Segments * FramesPerSegment}", "-c:v", "png"));
}
