using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Decoding;
using VideoCaptionRetrieval.Video.Decoding.Ffmpeg;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>Videos of many encoders, made here, in which every way to a frame must give the frame of a decode from the beginning.</summary>
public sealed class DecodeStrategyTests(EncodedClips clips) : IClassFixture<EncodedClips>
{
    private static readonly FrameFormat _small = new(16, FrameFit.Stretch);

    /// <summary>
    /// Name, the strategies by which frames come at the first go (OnePass: no other is tried; empty: it depends), the encoder's options.
    /// </summary>
    public static TheoryData<string, string, string> Encoders => new()
    {
        { "plain.mp4", "Seek KeyFrames", "-c:v libx264 -g 25" },
        { "bframes-open.mp4", "", "-c:v libx264 -x264-params keyint=25:open-gop=1:bframes=4:b-pyramid=normal" },
        { "intra-refresh.mp4", "", "-c:v libx264 -x264-params keyint=25:intra-refresh=1" },
        { "fragments.mp4", "Seek KeyFrames", "-c:v libx264 -g 25 -movflags frag_keyframe+empty_moov" },
        { "plain.mkv", "Seek KeyFrames", "-c:v libx264 -g 25" },
        { "no-index.mkv", "Seek KeyFrames", "-c:v libx264 -g 25 -f matroska -live 1" },
        { "late.mp4", "Seek KeyFrames", "-c:v libx264 -g 25 -output_ts_offset 3" },
        { "late.mkv", "Seek KeyFrames", "-c:v libx264 -g 25 -output_ts_offset 3" },
        { "negative.mkv", "OnePass", "-c:v libx264 -g 25 -output_ts_offset -1.5 -avoid_negative_ts disabled" },
        { "vfr.mkv", "Seek KeyFrames", "-vf select='not(mod(n\\,7))+lt(n\\,60)' -fps_mode passthrough -c:v libx264 -g 20" },
        { "hevc-open.mp4", "Seek KeyFrames", "-c:v libx265 -x265-params keyint=25:open-gop=1:log-level=none" },
        { "vp8.webm", "Seek KeyFrames", "-c:v libvpx -g 25 -deadline realtime -cpu-used 8" },
        { "vp9.webm", "Seek", "-c:v libvpx-vp9 -g 25 -deadline realtime -cpu-used 8 -auto-alt-ref 1 -lag-in-frames 16" },
        { "mpeg4.mp4", "Seek KeyFrames", "-c:v mpeg4 -g 25 -bf 2" },
        { "mjpeg.mkv", "Seek", "-c:v mjpeg" },
        { "mpeg2.ts", "OnePass", "-c:v mpeg2video -g 25 -bf 2" },
        { "plain.ts", "OnePass", "-c:v libx264 -g 25" },
        { "mpeg4.avi", "OnePass", "-c:v mpeg4 -g 25 -bf 2" },
        { "444.mp4", "OnePass", "-c:v libx264 -g 25 -pix_fmt yuv444p" },
    };

    [SkippableTheory]
    [MemberData(nameof(Encoders))]
    public void Read_EveryStrategy_SameFrames(string name, string direct, string output)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var path = clips.Make(name, output.Split(' '));
        Skip.IfNot(File.Exists(path) && new FileInfo(path).Length > 0, $"this ffmpeg cannot encode {name}");
        FrameRequest[] requests = [new(6, _small), new(4, _small, [0.01, 0.3, 0.99, 0.5]), FrameRequest.At([0, 0.999, 1, 1.001, 7.5, 9.99], _small)];
        foreach (var clip in new VideoClip[] { new("v", path), new("v", path, 4.2, 6.7), new("v", path, 7, double.NaN) })
        {
            var (reference, _) = Read(clip, DecodeStrategy.OnePass, requests);
            var (sought, plans) = Read(clip, DecodeStrategy.Seek, requests);
            AssertSame(reference, sought);
            // Nothing was in doubt, and the guess was right.
            if (direct.Contains("Seek")) Assert.Equal(DecodeStrategy.Seek, Assert.Single(plans).Strategy);
            if (direct == "OnePass") Assert.All(plans, plan => Assert.Equal(DecodeStrategy.OnePass, plan.Strategy));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Encoders))]
    public void Read_KeyFrames_SameAsFromOnePass(string name, string direct, string output)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var path = clips.Make(name, output.Split(' '));
        FrameRequest[] requests = [new(null, _small) { Selection = FrameSelection.KeyFrames }, new(5, _small) { Selection = FrameSelection.KeyFrames }];
        var (reference, _) = Read(new("v", path), DecodeStrategy.OnePass, requests);
        Assert.InRange(reference.Times[0].Length, 2, 251);
        foreach (var strategy in new[] { DecodeStrategy.KeyFrames, DecodeStrategy.Seek })
        {
            var (found, plans) = Read(new("v", path), strategy, requests);
            AssertSame(reference, found);
            if (direct.Contains($"{strategy}")) Assert.Equal(strategy, Assert.Single(plans).Strategy);
        }
    }

    [SkippableFact]
    public void Read_LongVideo_ChoosesSeeksAndListsNotEveryFrame()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        // Three minutes by repeating one: more frames than are listed from the beginning.
        var part = clips.Make("part.mp4", "-c:v", "libx264", "-g", "25");
        var path = InstalledFfmpeg.Make(Path.Combine(clips.Folder, "long.mp4"), "-stream_loop", "17", "-i", part, "-c", "copy");
        var clip = new VideoClip("v", path);
        var (reference, _) = Read(clip, DecodeStrategy.OnePass, [new(10, _small)]);
        var (found, plans) = Read(clip, null, [new(10, _small)]);
        AssertSame(reference, found);
        var plan = Assert.Single(plans);
        Assert.Equal((DecodeStrategy.Seek, 11), (plan.Strategy, plan.Segments.Count));
        Assert.Equal(180, found.Duration, 1);
        // Frames between those listed are found within a window, not by a timestamp.
        Assert.Contains(plan.Segments.SelectMany(segment => segment.Wanted), window => window.From < window.To);
    }

    [SkippableFact]
    public void Read_PartOfALongVideo_DecodesLittleMoreThanThePart()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var path = clips.Make("part.mp4", "-c:v", "libx264", "-g", "25");
        var (_, plans) = Read(new("v", path, 6, 7), null, [new(10, _small)]);
        var segments = Assert.Single(plans).Segments;
        Assert.Equal(2, segments.Count);
        Assert.True(segments[1].Until - segments[1].From < 25 * 512, "the second segment is longer than the part");
    }

    [SkippableFact]
    public void Read_SameFileAgain_AsksFfprobeOnce()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        Skip.If(OperatingSystem.IsWindows(), "uses a POSIX script");
        var path = clips.Make("v.mp4", "-c:v", "libx264");
        var (probe, count) = (Path.Combine(clips.Folder, "ffprobe"), Path.Combine(clips.Folder, "count"));
        File.WriteAllText(probe, $"#!/bin/sh\necho >> '{count}'\nexec ffprobe \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(probe, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var reader = new VideoFrameReader(new() { FfprobePath = probe });
        for (var i = 0; i < 3; i++) reader.Read(new("v", path), [new(i + 1, _small)]);
        Assert.Single(File.ReadAllLines(count));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(1));
        reader.Read(new("v", path), [new(1, _small)]);
        Assert.Equal(2, File.ReadAllLines(count).Length);
    }

    [SkippableTheory]
    [InlineData("no-such-card")]
    [InlineData("cuda")]
    [InlineData("auto")]
    public void Read_HardwareDecoding_SameFramesAndAtMostOneWarning(string name)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var clip = new VideoClip("v", clips.Make("v.mp4", "-c:v", "libx264"));
        var warnings = new List<string>();
        var reader = new VideoFrameReader(new() { HardwareDecoding = name }, warnings.Add);
        for (var i = 0; i < 2; i++) AssertSame(Read(clip, null, [new(5, _small)]).Frames, reader.Read(clip, [new(5, _small)]));
        Assert.All(warnings, warning => Assert.Contains($"'{name}'", warning));
        if (name == "no-such-card") Assert.Contains("Unrecognized hwaccel", Assert.Single(warnings));
        Assert.InRange(warnings.Count, 0, 1);
    }

    [SkippableFact]
    public void Read_TooLittleMemory_IsAReasonNotMissingFrames()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        Skip.IfNot(ProcessLauncher.BoundsMemory, "prlimit is not installed");
        var path = InstalledFfmpeg.Make(Path.Combine(clips.Folder, "large.mp4"), "-f", "lavfi", "-i", "testsrc2=s=2560x1440:d=1", "-c:v", "libx264", "-preset", "ultrafast");
        var e = Assert.Throws<VideoReadException>(() => new VideoFrameReader(new() { MaximumMemory = 64 << 20 }).Read(new("v", path), [new(5, _small)]));
        Assert.Matches("memory|exit code", e.Reason);
        Assert.Equal(5, new VideoFrameReader(new() { MaximumMemory = 512 << 20 }).Read(new("v", path), [new(5, _small)]).Times[0].Length);
    }

    [SkippableFact]
    public void Read_TimeLimitReached_SaysSo()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        Skip.If(OperatingSystem.IsWindows(), "uses a POSIX script");
        var path = clips.Make("v.mp4", "-c:v", "libx264");
        var options = new FfmpegOptions { FfmpegPath = InstalledFfmpeg.MakeHung(clips.Folder), TimeLimit = TimeSpan.FromSeconds(0.5) };
        Assert.Contains("longer than 0.5 s", Assert.Throws<VideoReadException>(() => new VideoFrameReader(options).Read(new("v", path), [new(1, _small)])).Reason);
    }

    [Fact]
    public void LimitFor_Length_ThirtySecondsAndFourForEachMebibyte() =>
        Assert.Equal([30, 30, 34, 70], new[] { 1L, (1 << 20) - 1, 1 << 20, 10L << 20 }.Select(length => new FfmpegOptions().LimitFor(length).TotalSeconds));

    private static (SampledFrames Frames, List<DecodePlan> Plans) Read(VideoClip clip, DecodeStrategy? only, FrameRequest[] requests)
    {
        var plans = new List<DecodePlan>();
        return (new VideoFrameReader(new()) { Hooks = new() { Only = only, Decoding = plans.Add } }.Read(clip, requests), plans);
    }

    private static void AssertSame(SampledFrames expected, SampledFrames actual)
    {
        Assert.Equal(expected.Times, actual.Times);
        Assert.Equal(expected.Duration, actual.Duration);
        for (var i = 0; i < expected.Frames.Count; i++)
            Assert.True(expected.Frames[i].AsSpan().SequenceEqual(actual.Frames[i]), $"pixels of request {i} differ");
    }
}
