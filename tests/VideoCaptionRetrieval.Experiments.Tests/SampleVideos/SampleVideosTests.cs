using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Experiments.Tests.SampleVideos;

public sealed class SampleVideosTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-samples-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Render_EmptyFolder_EveryClipIsReadableAndMovesOrNot()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        Experiments.SampleVideos.Render(_folder);

        var clips = Directory.GetFiles(_folder);
        Assert.Equal(8, clips.Length);
        var reader = new VideoFrameReader(new());
        var pictures = new HashSet<string>();
        foreach (var clip in clips)
        {
            Assert.Equal(".mp4", Path.GetExtension(clip));
            var sampled = reader.Read(new(clip, clip), [new(4, new FrameFormat(16))]);
            Assert.InRange(sampled.Duration, 1.9, 4.1);
            Assert.Equal(4, sampled.Times[0].Distinct().Count());
            Assert.True(pictures.Add(Convert.ToHexString(sampled.Frames[0])), clip);
        }
    }

    [SkippableFact]
    public void Render_Again_OnlyWhatIsMissing()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        Experiments.SampleVideos.Render(_folder);
        var clips = Directory.GetFiles(_folder).Order(StringComparer.Ordinal).ToList();
        var (first, second) = (File.ReadAllBytes(clips[0]), File.ReadAllBytes(clips[1]));
        File.Delete(clips[0]);
        File.WriteAllText(clips[1], "mine");

        Experiments.SampleVideos.Render(_folder);

        Assert.Equal(first, File.ReadAllBytes(clips[0]));
        Assert.Equal("mine", File.ReadAllText(clips[1]));
        Assert.NotEmpty(second);
    }

    [SkippableFact]
    public void Render_Cancelled_LeavesNothingHalf()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        Assert.ThrowsAny<OperationCanceledException>(() => Experiments.SampleVideos.Render(_folder, cancellationToken: new(canceled: true)));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Render_NoFfmpeg_SaysHowToInstallIt()
    {
        var e = Assert.Throws<FileNotFoundException>(() => Experiments.SampleVideos.Render(_folder, new() { FfmpegPath = Path.Combine(_folder, "absent") }));
        Assert.Contains("absent", e.Message);
    }
}
