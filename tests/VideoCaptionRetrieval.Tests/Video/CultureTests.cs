using System.Globalization;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Decoding.Ffmpeg;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>What programs read and write has one form in every culture, that of the user's app included.</summary>
public sealed class CultureTests : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-culture-").FullName;

    public CultureTests()
    {
        // As in Germany and Sweden: 4.000000 is four million, and the minus sign is not ASCII's.
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator, culture.NumberFormat.NegativeSign) = (",", ".", "−");
        CultureInfo.CurrentCulture = culture;
    }

    public void Dispose()
    {
        CultureInfo.CurrentCulture = _before;
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
    public void Of_NegativeTimestamps_AsciiMinus() =>
        Assert.Equal("if(lt(pts,7),eq(pts,-5),eq(pts,7))", SelectExpression.Build([new(-5, -5), new(7, 7)]));
}
