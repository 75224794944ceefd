using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Decoding;
using VideoCaptionRetrieval.Video.Reading;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Tests.Video.Cache;

/// <summary>Reading videos with a cache gives what reading them without gives, and decodes nothing twice.</summary>
public sealed class CachedReadTests(EncodedClips clips) : IClassFixture<EncodedClips>, IDisposable
{
    private static readonly FrameFormat _small = new(16), _stretched = new(20, FrameFit.Stretch);

    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-cached-").FullName;
    private readonly List<DecodePlan> _plans = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private VideoFrameReader Reader(DecodeStrategy? only = null, string? ffmpeg = null) =>
        new(new() { FfmpegPath = ffmpeg }, null, new() { Folder = _folder }) { Hooks = new() { Decoding = _plans.Add, Only = only } };

    private static void AssertSame(SampledFrames expected, SampledFrames actual)
    {
        Assert.Equal(expected.Frames, actual.Frames);
        Assert.Equal(expected.Times, actual.Times);
        Assert.Equal(expected.Duration, actual.Duration);
        Assert.Equal(expected.Sizes, actual.Sizes);
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData("OnePass")]
    [InlineData("Seek")]
    public void Read_AgainFromAnotherProcess_SameAndNoProgramRuns(string? strategy)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        DecodeStrategy? only = strategy is null ? null : Enum.Parse<DecodeStrategy>(strategy);
        var clip = new VideoClip("v", clips.Make("plain.mp4", "-c:v", "libx264", "-g", "25"));
        FrameRequest[] requests = [new(6, _small), new(3, _stretched), new(4, _small) { Selection = FrameSelection.KeyFrames }];
        var expected = new VideoFrameReader(new()).Read(clip, requests);
        AssertSame(expected, Reader(only).Read(clip, requests));
        _plans.Clear();
        // Another reader knows nothing but the folder; an ffmpeg that is not there would be an error.
        AssertSame(expected, Reader(ffmpeg: "/nowhere/ffmpeg").Read(clip, requests));
        var copy = Path.Combine(_folder, "copy of it.mp4");
        File.Copy(clip.Path, copy);
        AssertSame(expected, Reader(ffmpeg: "/nowhere/ffmpeg").Read(clip with { Path = copy }, requests));
        Assert.Empty(_plans);
    }

    [SkippableFact]
    public void Read_OtherFramesOfAKnownVideo_DecodesOnlyThose()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var clip = new VideoClip("v", clips.Make("plain.mp4", "-c:v", "libx264", "-g", "25"));
        Reader().Read(clip, [new(5, _small)]);
        _plans.Clear();
        FrameRequest[] more = [new(5, _small), FrameRequest.At([8.1], _small)];
        AssertSame(new VideoFrameReader(new()).Read(clip, more), Reader().Read(clip, more));
        Assert.Equal(1, Assert.Single(_plans).Segments.Sum(segment => segment.Wanted.Count));
    }

    [SkippableFact]
    public void Read_RandomPositionsAndParts_AlwaysAsWithoutCache()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var random = new Random(5);
        foreach (var name in new[] { "plain.mp4", "plain.mkv", "mpeg4.avi" })
        {
            var path = clips.Make(name, "-c:v", name.EndsWith("avi", StringComparison.Ordinal) ? "mpeg4" : "libx264", "-g", "25");
            for (var i = 0; i < 12; i++)
            {
                var start = i % 3 == 0 ? double.NaN : random.NextDouble() * 8;
                var clip = new VideoClip("v", path, start, i % 2 == 0 ? double.NaN : (double.IsNaN(start) ? 0 : start) + 1.5);
                FrameRequest[] requests = [new(3, _small, [random.NextDouble(), random.NextDouble(), random.NextDouble()])];
                AssertSame(new VideoFrameReader(new()).Read(clip, requests), Reader(i % 2 == 0 ? DecodeStrategy.Seek : null).Read(clip, requests));
            }
        }
    }

    [SkippableFact]
    public void Read_PartBehindTheEndOfAPartlyKnownVideo_IsARefusal()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var path = clips.Make("plain.mp4", "-c:v", "libx264", "-g", "25");
        Reader(DecodeStrategy.Seek).Read(new("v", path, 2, 3), [new(2, _small)]);
        Assert.Contains("does not lie in the video", Assert.Throws<VideoReadException>(() => Reader().Read(new("v", path, 20, 21), [new(2, _small)])).Reason);
    }

    [SkippableFact]
    public void Read_PixelsThatAreNotSquare_EachWayHasFramesOfItsOwn()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var clip = new VideoClip("v", clips.Make("wide.mp4", "-vf", "setsar=2", "-c:v", "libx264"));
        VideoFrameReader Cached(PixelAspect pixels) => new(new() { PixelAspect = pixels }, null, new() { Folder = _folder });
        foreach (var pixels in new[] { PixelAspect.Square, PixelAspect.Stored, PixelAspect.Square, PixelAspect.Stored })
            AssertSame(new VideoFrameReader(new() { PixelAspect = pixels }).Read(clip, [new(3, _small)]), Cached(pixels).Read(clip, [new(3, _small)]));
    }

    [Fact]
    public void TryParse_NoteOfAnEarlierVersion_IsNotBelieved()
    {
        // A duration of 2 s, then what follows it: version 0.1 began so.
        Assert.Null(VideoMetadata.TryParse([.. BitConverter.GetBytes(2.0), .. new byte[40]]));
        Assert.Null(VideoMetadata.TryParse([.. BitConverter.GetBytes(double.NaN), .. new byte[40]]));
        Assert.Null(VideoMetadata.TryParse([]));
    }

    [Fact]
    public void ToBytes_KnownVideo_ComesBack()
    {
        var timeline = new FrameTimeline([new KnownInterval([-5, 10, 25], 30), new([1000, 1010], TimeBase.FarAway)], new(1, 90000), 12.5);
        var known = VideoMetadata.TryParse(new VideoMetadata(12.25, [-5, 1000], timeline) { FileStart = -0.5 }.ToBytes())!;
        Assert.Equal((12.25, 12.5, new TimeBase(1, 90000)), (known.StatedDuration, known.Timeline.DecodedEnd, known.Timeline.TimeBase));
        Assert.Equal([-5, 1000], known.KeyFrames!);
        Assert.Equal(-0.5, known.FileStart);
        Assert.Equal([[-5, 10, 25], [1000, 1010]], known.Timeline.Intervals.Select(interval => interval.Timestamps));
        Assert.Equal([30, TimeBase.FarAway], known.Timeline.Intervals.Select(interval => interval.Until));
        var bare = VideoMetadata.TryParse(new VideoMetadata(null, null, new([7], new(1, 25), null)).ToBytes())!;
        Assert.Equal((null, null, true), (bare.StatedDuration, bare.KeyFrames, bare.Timeline.IsWhole));
    }
}
