using System.Globalization;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Decoding.Ffmpeg;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>What programs read and write has one form in every culture, that of the user's app included.</summary>
[Trait("Category", ForeignCulture.Category)]
public sealed class CultureTests : IDisposable
{
    private readonly ForeignCulture _culture = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-culture-").FullName;

    public void Dispose()
    {
        _culture.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [SkippableFact]
    public void Read_StatedDurationWithFraction_SameTimesAsElsewhere()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var path = InstalledFfmpeg.MakeClip(Path.Combine(_folder, "clip.mp4"), "testsrc");
        var clip = new VideoClip("clip", path, Start: 0.5);
        Assert.Equal(2, VideoProbe.Read(new(path, path, FfmpegTools.Find(new()), new(), new(null, null)), allPackets: false, CancellationToken.None).StatedDuration);
        SampledFrames Read() => new VideoFrameReader(new()).Read(clip, [new(3, new FrameFormat(8))]);
        var here = Read();
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var elsewhere = Read();
        Assert.Equal(elsewhere.Times[0], here.Times[0]);
        Assert.Equal(elsewhere.Duration, here.Duration);
        Assert.Equal(elsewhere.Frames[0], here.Frames[0]);
    }

    [Fact]
    public void ToString_TimesOfASelection_HaveAPoint()
    {
        Assert.Equal("At 0.5, 1.25 s", FrameSelection.At(0.5, 1.25).ToString());
        Assert.Equal("Every 0.5 s", FrameSelection.Every(0.5).ToString());
    }

    [Fact]
    public void Of_NegativeTimestamps_AsciiMinus() =>
        Assert.Equal("if(lt(pts,7),eq(pts,-5),eq(pts,7))", SelectExpression.Build([new(-5, -5), new(7, 7)]));
}
