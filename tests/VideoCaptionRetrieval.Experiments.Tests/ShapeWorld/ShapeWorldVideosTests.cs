using VideoCaptionRetrieval.Experiments.ShapeWorld;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Experiments.Tests.ShapeWorld;

public sealed class ShapeWorldVideosTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-world-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void WriteVideos_SameOptions_SameFilesAndOthersForAnotherSeedOrSet()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        byte[][] Files(string folder, string set, int seed) =>
            [.. ShapeWorldVideos.WriteVideos(Path.Combine(_folder, folder), set, 3, new() { Seed = seed }).Select(File.ReadAllBytes)];
        var first = Files("a", "train", 1);
        Assert.Equal(first, Files("b", "train", 1));
        Assert.Empty(first.Select(Convert.ToHexString).Intersect(Files("c", "train", 2).Select(Convert.ToHexString)));
        Assert.Empty(first.Select(Convert.ToHexString).Intersect(Files("d", "test", 1).Select(Convert.ToHexString)));
    }

    [SkippableFact]
    public void WriteVideos_SeveralScenes_EveryFrameIsInTheFileAndTimesBeginAtZero()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        var videos = ShapeWorldVideos.WriteVideos(_folder, "x", 4, new() { ScenesPerVideo = 2, FramesPerScene = 6 });
        foreach (var video in videos)
        {
            var sampled = new VideoFrameReader(new()).Read(new(video, video), [new(12, new FrameFormat(48))]);
            Assert.Equal(Enumerable.Range(0, 12).Select(i => i / 5.0), sampled.Times[0].Select(time => Math.Round(time, 6)));
            Assert.Equal(2.4, sampled.Duration, 3);
        }
        Assert.Empty(Directory.GetDirectories(_folder));
    }

    [SkippableFact]
    public void WriteVideos_ThroughH264AndFrameSampler_KeepsColoursApart()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        const int Count = 60;
        var world = new ShapeWorldOptions { Gap = 0 };
        var videos = ShapeWorldVideos.WriteVideos(_folder, "colours", Count, world);
        var (right, all) = (0, 0);
        for (var i = 0; i < Count; i++)
        {
            var frames = new VideoFrameReader(new()).Read(new("v", videos[i]), [new(20, new FrameFormat(StillImages.Size))]).Frames[0];
            foreach (var actor in new WorldVideo(world, "colours", i).Scene(0).Actors.Where(actor => actor.Object is { Texture: 0, Kind: 0 or 1 or 8 }))
            {
                var frame = (int)Math.Ceiling(actor.Start * 19);
                var pose = actor.At(frame / 19f);
                var at = ((((frame * StillImages.Size) + (int)MathF.Round(pose.Y)) * StillImages.Size) + (int)MathF.Round(pose.X)) * 3;
                var seen = new Rgb(frames[at] / 255f, frames[at + 1] / 255f, frames[at + 2] / 255f);
                var nearest = Enumerable.Range(0, Palette.Colours.Count).MinBy(colour => Distance(seen, Palette.Colours[colour]));
                (right, all) = (right + (nearest == actor.Object.Colour ? 1 : 0), all + 1);
            }
        }
        Assert.True(all >= 10, $"{all} objects to look at");
        Assert.True(right >= all * 0.8, $"{right} of {all} colours are still nearest to their own");     // another object may cover one
    }

    [SkippableFact]
    public void WriteVideos_Again_WritesWhatIsMissingAndLeavesTheRest()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        var videos = ShapeWorldVideos.WriteVideos(_folder, "x", 3);
        var third = File.ReadAllBytes(videos[2]);
        File.WriteAllText(videos[0], "mine");
        File.Delete(videos[2]);
        ShapeWorldVideos.WriteVideos(_folder, "x", 5);
        Assert.Equal("mine", File.ReadAllText(videos[0]));
        Assert.Equal(5, Directory.GetFiles(_folder).Length);
        Assert.NotEmpty(third);
    }

    [SkippableFact]
    public void WriteVideos_AfterAnEndOrInSteps_SameBytesAsAtOnce()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        var whole = ShapeWorldVideos.WriteVideos(Path.Combine(_folder, "whole"), "x", 33);
        var steps = Path.Combine(_folder, "steps");
        foreach (var video in ShapeWorldVideos.WriteVideos(steps, "x", 30).Where((_, i) => i is 3 or 11 or 27)) File.Delete(video);

        var written = ShapeWorldVideos.WriteVideos(steps, "x", 33);
        Assert.All(whole.Zip(written), pair => Assert.Equal(File.ReadAllBytes(pair.First), File.ReadAllBytes(pair.Second)));
    }

    [SkippableFact]
    public void WriteVideos_ProcessorWithoutVectorInstructions_SameBytes()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        Skip.IfNot(OperatingSystem.IsLinux(), "the stand-in for ffmpeg is a script");
        var plain = Path.Combine(_folder, "ffmpeg");
        File.WriteAllText(plain, """
            #!/bin/bash
            exec ffmpeg -cpuflags 0 "${@/cpu-independent=1/cpu-independent=1:asm=0}"
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(plain, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var videos = ShapeWorldVideos.WriteVideos(Path.Combine(_folder, "vectors"), "x", 4);
        var others = ShapeWorldVideos.WriteVideos(Path.Combine(_folder, "plain"), "x", 4, ffmpeg: new() { FfmpegPath = plain });
        Assert.All(videos.Zip(others), pair => Assert.Equal(File.ReadAllBytes(pair.First), File.ReadAllBytes(pair.Second)));
    }

    [SkippableFact]
    public void WriteVideos_Cancelled_LeavesNothingHalf()
    {
        ProgramOnPath.SkipWithoutFfmpeg();
        Assert.ThrowsAny<OperationCanceledException>(() => ShapeWorldVideos.WriteVideos(_folder, "x", 3, cancellationToken: new(canceled: true)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void WriteVideos_OptionsOutOfRange_AllAreListed()
    {
        var e = Assert.Throws<ArgumentException>(() => ShapeWorldVideos.WriteVideos(_folder, "x", 3,
            new() { Gap = -1, VideoSize = 100, FramesPerScene = 1, FrameRate = 0, ScenesPerVideo = 0, SentencesPerScene = 0 }));
        foreach (var name in new[] { "Gap", "VideoSize", "FramesPerScene", "FrameRate", "ScenesPerVideo", "SentencesPerScene" }) Assert.Contains($"{name} is '", e.Message);
    }

    [SkippableFact]
    public void WriteSentences_SeveralScenes_OneLineForEach()
    {
        var path = Path.Combine(_folder, "truth.jsonl");
        ShapeWorldVideos.WriteSentences(path, "videos", "x", 2, new() { ScenesPerVideo = 3 });
        var lines = File.ReadAllLines(path);
        Assert.Equal(6, lines.Length);
        Assert.All(lines[..3], line => Assert.StartsWith("{\"video\":\"videos/x-00000.mp4\",\"text\":\"", line));
    }

    private static float Distance(Rgb one, Rgb other) =>
        MathF.Pow(one.Red - other.Red, 2) + MathF.Pow(one.Green - other.Green, 2) + MathF.Pow(one.Blue - other.Blue, 2);
}
