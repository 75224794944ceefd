using System.Diagnostics;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Decoding.Ffmpeg;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>A process that reads eight videos is killed.</summary>
[Collection(nameof(ProcessCleanupTests))]
public sealed class KillTests : IDisposable
{
    private const int Videos = 8;
    private static readonly TimeSpan _afterKill = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _untilAllRun = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Kill_WhileEightVideosAreRead_NoProgramIsLeft(bool hung)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        Skip.IfNot(ChildProcesses.CanBeSeen && ProcessLauncher.TiesPrograms, "needs /proc and setpriv");
        var video = InstalledFfmpeg.Make(Path.Combine(_folder, "v.mkv"), "-f", "lavfi", "-i", "testsrc2=s=1280x720:d=20", "-c:v", "mpeg4", "-g", "500");
        string[] videos = [.. Enumerable.Range(0, Videos).Select(i => Path.Combine(_folder, $"v{i}.mkv"))];
        foreach (var copy in videos) File.Copy(video, copy);
        var cache = Path.Combine(_folder, "cache");
        using var host = TestProgram.Start("DecodeHost", [hung ? InstalledFfmpeg.MakeHung(_folder) : "-", cache, .. videos]);
        var children = WaitForChildren(host);
        host.Kill();                                                // SIGKILL: nothing of it runs any more
        host.WaitForExit();
        var watch = Stopwatch.StartNew();
        while (children.Any(ChildProcesses.IsAlive) && watch.Elapsed < _afterKill) Thread.Yield();
        Assert.DoesNotContain(children, ChildProcesses.IsAlive);
        AssertCacheIsSound(videos, cache);
    }

    /// <summary>Whatever the killed process left, the next one gets the frames that it would get without a cache.</summary>
    private static void AssertCacheIsSound(string[] videos, string cache)
    {
        FrameRequest[] requests = [new(10, new FrameFormat(64)), new(11, new FrameFormat(64))];
        var expected = new VideoFrameReader(new()).Read(new("v", videos[0]), requests);
        foreach (var video in videos)
        {
            var found = new VideoFrameReader(new(), Assert.Fail, new() { Folder = cache }).Read(new("v", video), requests);
            Assert.Equal(expected.Frames, found.Frames);
            Assert.Equal(expected.Times, found.Times);
        }
    }

    private static int[] WaitForChildren(Process host)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < _untilAllRun)
        {
            Assert.False(host.HasExited, "the host has ended by itself");
            var children = ChildProcesses.Of(host.Id).Where(child => child.Value.Contains("(ffmpeg)") || child.Value.Contains("(sleep)")).ToArray();
            if (children.Length == Videos) return [.. children.Select(child => child.Key)];
        }
        throw new TimeoutException($"there were never {Videos} programs at once");
    }
}
