using System.Globalization;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Tests.Video;

public sealed class VideoFrameReaderTests : IDisposable
{
    private static readonly FrameFormat _small = new(16, FrameFit.Stretch);

    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-frames-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A clip whose frame n is plain grey of level 4n, so that a frame tells its ordinal.</summary>
    private string Counted(string name, string rate = "25", int frames = 50, params string[] output) =>
        InstalledFfmpeg.Make(Path.Combine(_folder, name), ["-f", "lavfi", "-i", $"color=black:s=64x48:r={rate},format=gbrp,geq=r=4*N:g=4*N:b=4*N,format=rgb24",
            "-frames:v", $"{frames}", "-c:v", "png", .. output]);

    private static int[] Ordinals(SampledFrames sampled, int request = 0) =>
        [.. sampled.Frames[request].Chunk(_small.FrameBytes).Select(frame => frame[0] / 4)];

    private static SampledFrames Read(string path, int count, double start = double.NaN, double end = double.NaN) =>
        new VideoFrameReader(new()).Read(new("v", path, start, end), [new(count, _small)]);

    [SkippableFact]
    public void Read_WholeVideo_TakesTheFrameOnScreenInTheMiddleOfEachSegment()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var sampled = Read(Counted("v.mkv"), 10);
        Assert.Equal([.. Enumerable.Range(0, 10).Select(k => (5 * k) + 2)], Ordinals(sampled));
        Assert.Equal([.. Enumerable.Range(0, 10).Select(k => ((5 * k) + 2) / 25.0)], sampled.Times[0]);
        Assert.Equal(2, sampled.Duration, 3);
    }

    [SkippableTheory]
    [InlineData(0.5, 1, new[] { 13, 16, 18, 21, 23 })]
    [InlineData(1.5, 99, new[] { 38, 41, 43, 46, 48 })]
    [InlineData(1.97, 1.98, new[] { 49, 49, 49, 49, 49 })]
    [InlineData(double.NaN, 0.2, new[] { 0, 1, 2, 3, 4 })]
    public void Read_PartOfAVideo_CutsItAtTheVideosEnd(double start, double end, int[] expected)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        Assert.Equal(expected, Ordinals(Read(Counted("v.mkv"), 5, start, end)));
    }

    [SkippableTheory]
    [InlineData(2.5, double.NaN)]
    [InlineData(1, 1)]
    [InlineData(1, 0.5)]
    [InlineData(-1, 1)]
    public void Read_PartOutsideTheVideo_NamesTheBounds(double start, double end)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        Assert.Contains(Invariant($"from {start} s"), Assert.Throws<VideoReadException>(() => Read(Counted("v.mkv"), 5, start, end)).Reason);
    }

    [SkippableTheory]
    [InlineData("a.mp4", 640, 576, "256/135", "-c:v", "libx264", "-pix_fmt", "yuv420p")]          // wide: frames are stretched
    [InlineData("b.mp4", 768, 240, "5/12", "-c:v", "libx264", "-pix_fmt", "yuv420p")]             // and narrow ones
    [InlineData("c.mkv", 640, 576, "256/135", "-c:v", "ffv1")]                                     // stated by the container alone
    [InlineData("d.mpg", 720, 576, "64/45", "-c:v", "mpeg2video", "-q:v", "2")]
    public void Read_PixelsThatAreNotSquare_ACircleIsACircleUnlessTheyAreTakenAsStored(string name, int width, int height, string shape, params string[] output)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var (over, under) = (int.Parse(shape.Split('/')[0], CultureInfo.InvariantCulture), int.Parse(shape.Split('/')[1], CultureInfo.InvariantCulture));
        var shown = $"{width * over / under}x{height}";
        var path = InstalledFfmpeg.Make(Path.Combine(_folder, name),
        [
            "-f", "lavfi", "-i", $"color=black:s={shown}:r=5:d=1,format=gray,geq=lum='255*lte(hypot(X-W/2,Y-H/2),H/4)'",
            "-vf", $"scale={width}:{height},setsar={shape}", .. output,
        ]);
        var (square, stored) = (Shape(path, PixelAspect.Square), Shape(path, PixelAspect.Stored));
        Assert.InRange(square, 0.97, 1.03);
        Assert.InRange(stored * over / under, 0.97, 1.03);
    }

    /// <summary>Width of a bright shape over its height.</summary>
    private static double Shape(string path, PixelAspect pixels)
    {
        var sampled = new VideoFrameReader(new() { PixelAspect = pixels }).Read(new("v", path), [new(1, new(240, FrameFit.ShortestEdge))]);
        var (size, frame) = (sampled.Sizes[0][0], sampled.Frames[0]);
        var bright = Enumerable.Range(0, size.Width * size.Height).Where(i => frame[3 * i] > 128).ToList();
        return (double)bright.Select(i => i % size.Width).Distinct().Count() / bright.Select(i => i / size.Width).Distinct().Count();
    }

    [SkippableFact]
    public void Read_PixelsOfNoPossibleShape_TakenAsTheyAre()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var path = InstalledFfmpeg.Make(Path.Combine(_folder, "odd.mkv"), ["-f", "lavfi", "-i", "testsrc2=s=64x48:d=1", "-vf", "setsar=30000", "-c:v", "ffv1"]);
        Assert.Equal(new FrameSize(21, 16), new VideoFrameReader(new()).Read(new("v", path), [new(1, new(16, FrameFit.ShortestEdge))]).Sizes[0][0]);
    }

    [SkippableTheory]
    [InlineData("parts.ts", "mpegts")]
    [InlineData("parts.mpg", "mpeg")]
    public void Read_RecordingsAppendedInOneFile_AllAreSeenAndTimeRunsOn(string name, string container)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var path = Path.Combine(_folder, name);
        using (var joined = File.Create(path))
            foreach (var (colour, seconds) in new[] { ("0x404040", 3), ("0xC0C0C0", 2), ("0x808080", 4) })
            {
                var part = InstalledFfmpeg.Make(Path.Combine(_folder, $"{colour}.{name}"),
                    ["-f", "lavfi", "-i", $"color={colour}:s=64x48:r=25:d={seconds}", "-c:v", "mpeg2video", "-q:v", "2", "-f", container]);
                joined.Write(File.ReadAllBytes(part));
            }
        var sampled = Read(path, 9);
        Assert.Equal([64, 64, 64, 192, 192, 128, 128, 128, 128], sampled.Frames[0].Chunk(_small.FrameBytes).Select(frame => (frame[0] + 8) / 16 * 16));
        Assert.All(sampled.Times[0].Select((time, k) => time - k), late => Assert.InRange(late, 0.4, 0.6));
        Assert.Equal(9, sampled.Duration, 1);
        Assert.Equal([192, 192], Read(path, 2, 3.2, 4.8).Frames[0].Chunk(_small.FrameBytes).Select(frame => (frame[0] + 8) / 16 * 16));
        var cache = new FrameCacheOptions { Folder = Path.Combine(_folder, "cache") };
        for (var again = 0; again < 2; again++)
        {
            var cached = new VideoFrameReader(new(), null, cache).Read(new("v", path), [new(9, _small)]);
            Assert.Equal(sampled.Frames[0], cached.Frames[0]);
            Assert.Equal(sampled.Times[0], cached.Times[0]);
        }
    }

    [SkippableTheory]
    [InlineData("sound.mp4")]
    [InlineData("sound.mkv")]
    [InlineData("sound.ts")]
    public void Read_PictureThatBeginsAfterTheSound_TimesAreThePlayers(string name)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var picture = InstalledFfmpeg.Make(Path.Combine(_folder, "picture.mkv"),
            ["-f", "lavfi", "-i", "color=black:s=64x48:r=25,format=gray,geq=lum=4*N", "-frames:v", "50", "-c:v", "mpeg2video", "-q:v", "1", "-bf", "0"]);
        var path = InstalledFfmpeg.Make(Path.Combine(_folder, name),
            ["-f", "lavfi", "-i", "sine=d=6", "-itsoffset", "2", "-i", picture, "-map", "0", "-map", "1", "-c:a", "mp2", "-c:v", "copy"]);
        var sampled = Read(path, 5);
        Assert.All(sampled.Times[0].Zip([2.2, 2.6, 3.0, 3.4, 3.8]), pair => Assert.Equal(pair.Second, pair.First, 0.045));
        // What is given counts by the same clock: parts, and times in them.
        Assert.All(Read(path, 2, 2.9, 3.1).Times[0], time => Assert.InRange(time, 2.85, 3.1));
        var reader = new VideoFrameReader(new());
        Assert.Equal(sampled.Times[0], reader.Read(new("v", path), [FrameRequest.At(sampled.Times[0], _small)]).Times[0]);
        Assert.Equal(3.2, reader.Read(new("v", path, 2.2), [FrameRequest.At([1], _small)]).Times[0][0], 0.045);
        Assert.Equal(sampled.Times[0][0] - 0.2, reader.Read(new("v", path), [FrameRequest.At([0.5], _small)]).Times[0][0], 0.045);   // nothing is shown yet
        Assert.Contains("from 0.5 s to 1.5 s", Assert.Throws<VideoReadException>(() => Read(path, 2, 0.5, 1.5)).Reason);
        var cache = new FrameCacheOptions { Folder = Path.Combine(_folder, "cache") };
        for (var again = 0; again < 2; again++)
            Assert.Equal(sampled.Times[0], new VideoFrameReader(new(), null, cache).Read(new("v", path), [new(5, _small)]).Times[0]);
    }

    [SkippableTheory]
    [InlineData("late.mkv", "-output_ts_offset", "3")]
    [InlineData("late.mov", "-output_ts_offset", "3")]
    public void Read_TimestampsStartLate_CountsFromTheFirstFrame(string name, params string[] output)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var sampled = Read(Counted(name, output: output), 2, 0, 0.4);
        Assert.Equal([2, 7], Ordinals(sampled));
        Assert.Equal(0.08, sampled.Times[0][0], 3);
    }

    [SkippableFact]
    public void Read_VariableFrameRate_GoesByTime()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        // Frames 0 to 9 in the first 0.4 s, then frame 9 until frame 40 at 1.6 s, then frames 45 to 49 from 1.8 s.
        var path = Counted("vfr.mkv", frames: 16, output: ["-vf", "select='lt(n,10)+eq(n,40)+gte(n,45)'", "-fps_mode", "passthrough"]);
        var sampled = Read(path, 4);
        Assert.Equal([6, 9, 9, 40], Ordinals(sampled));
    }

    [SkippableFact]
    public void Read_SeveralRequests_EachGetsItsOwn()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var path = Counted("v.mkv");
        var sampled = new VideoFrameReader(new()).Read(new("v", path), [new(2, _small), new(5, new(8)), new(1, _small, [0])]);
        Assert.Equal([12, 37], Ordinals(sampled));
        Assert.Equal(5 * 8 * 8 * 3, sampled.Frames[1].Length);
        Assert.Equal(5, sampled.Times[1].Length);
        Assert.Equal([0], Ordinals(sampled, 2));
    }

    [SkippableFact]
    public void Read_MoreFramesThanAnExpressionTakes_SameRule()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var path = InstalledFfmpeg.Make(Path.Combine(_folder, "many.mkv"), "-f", "lavfi", "-i", "testsrc=s=32x24:r=1000", "-frames:v", "2500", "-c:v", "ffv1");
        var sampled = new VideoFrameReader(new()).Read(new("v", path), [new(2500, new(1))]);
        Assert.Equal([.. Enumerable.Range(0, 2500).Select(k => k / 1000.0)], sampled.Times[0]);
    }

    [SkippableFact]
    public void Read_SizeChangesMidway_StaysReadable()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        string[] parts = ["64x48", "128x32", "32x96"];
        var path = Path.Combine(_folder, "sizes.ts");
        using (var joined = File.Create(path))
            foreach (var size in parts)
            {
                var part = InstalledFfmpeg.Make(Path.Combine(_folder, size + ".ts"), "-f", "lavfi", "-i", $"testsrc2=s={size}:r=25:d=1", "-c:v", "mpeg2video");
                joined.Write(File.ReadAllBytes(part));
            }
        var frames = Read(path, 9).Frames[0];
        Assert.Equal(9 * _small.FrameBytes, frames.Length);
        Assert.All(frames.Chunk(_small.FrameBytes), frame => Assert.True(frame.Distinct().Count() > 16));
    }

    [SkippableFact]
    public void Read_StillPicture_RepeatsIt()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var sampled = Read(InstalledFfmpeg.Make(Path.Combine(_folder, "still.png"), "-f", "lavfi", "-i", "testsrc2=s=40x30", "-frames:v", "1"), 3);
        Assert.Equal([0, 0, 0], sampled.Times[0]);
    }

    [SkippableFact]
    public void Read_NameIsAPicturePattern_ReadsNoOtherFile()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        foreach (var (name, source) in new[] { ("a001.png", "color=red:s=8x8"), ("b.png", "color=blue:s=8x8") })
            InstalledFfmpeg.Make(Path.Combine(_folder, name), "-f", "lavfi", "-i", source, "-frames:v", "1");
        var pattern = Path.Combine(_folder, "a%03d.png");
        File.Move(Path.Combine(_folder, "b.png"), pattern);
        Assert.Throws<VideoReadException>(() => Read(pattern, 1));
    }

    [Fact]
    public void Read_CallerMistakes_AreArgumentErrors()
    {
        var reader = new VideoFrameReader(new());
        Assert.ThrowsAny<ArgumentException>(() => reader.Read(new("v", "v.mp4"), []));
        Assert.ThrowsAny<ArgumentException>(() => reader.Read(new("v", "v.mp4"), [new(0, _small)]));
    }

    [Theory]
    [InlineData("absent.mp4", "does not exist")]
    [InlineData("", "cannot be opened")]
    [InlineData(".", "folder")]
    public void Read_NoFile_SaysSoWithoutFfmpeg(string path, string reason) =>
        Assert.Contains(reason, Assert.Throws<VideoReadException>(() => Read(path, 1)).Reason);
}
