using System.Diagnostics;
using VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

namespace VideoCaptionRetrieval.Tests.Video.Decoding.Ffmpeg;

public sealed class ToolProcessTests
{
    private const string Shell = "/bin/sh";

    private static ToolProcess Start(string script, double seconds = 20, CancellationToken cancellationToken = default)
    {
        Skip.IfNot(File.Exists(Shell), "no POSIX shell here");
        return new(Shell, ["-c", script], "v.mp4", TimeSpan.FromSeconds(seconds), null, cancellationToken);
    }

    [SkippableFact]
    public void Finish_NoOutputForTooLong_EndsItAndSaysSo()
    {
        var watch = Stopwatch.StartNew();
        using var process = Start("sleep 60 & sleep 60", 0.3);
        Assert.Equal(0, process.Read(new byte[10]));
        var e = Assert.Throws<VideoReadException>(process.Finish);
        Assert.Contains("0.3 s", e.Reason);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    [SkippableFact]
    public void Finish_Cancelled_EndsItsChildrenToo()
    {
        using var cancelled = new CancellationTokenSource();
        using var process = Start("sleep 60 & sleep 60", cancellationToken: cancelled.Token);
        cancelled.Cancel();
        Assert.Equal(0, process.Read(new byte[10]));
        Assert.Throws<OperationCanceledException>(process.Finish);
    }

    [SkippableFact]
    public void Finish_Fails_GivesExitCodeAndLastErrors()
    {
        using var process = Start("for i in 1 2 3 4 5 6 7; do echo \"[mov @ 0x12ab] [error] problem $i\" >&2; done; echo '[info] chatter' >&2; exit 3");
        var e = Assert.Throws<VideoReadException>(process.Finish);
        Assert.Contains("exit code 3: [mov] problem 3; [mov] problem 4; [mov] problem 5; [mov] problem 6; [mov] problem 7", e.Reason);
        Assert.DoesNotContain("chatter", e.Reason);
    }

    [SkippableFact]
    public void Finish_FloodOfErrors_IsKeptInBoundedMemory()
    {
        using var process = Start("yes '[error] xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' | head -c 20000000 | tr -d '\\n' >&2; exit 1");
        Assert.InRange(Assert.Throws<VideoReadException>(process.Finish).Reason.Length, 1, 2000);
    }

    [SkippableFact]
    public void Dispose_StillRunning_EndsIt()
    {
        var watch = Stopwatch.StartNew();
        Start("sleep 60").Dispose();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    [SkippableFact]
    public void Arguments_ReachTheProgramAsTheyAre()
    {
        Skip.IfNot(File.Exists(Shell), "no POSIX shell here");
        using var process = new ToolProcess(Shell, ["-c", "printf %s \"$1\"", "x", "a \"b\" 'c' $(touch no)\n-d"], "v.mp4", TimeSpan.FromSeconds(20), null, default);
        var output = new List<string>();
        LineReader.Read(process.Read, line => output.Add(System.Text.Encoding.UTF8.GetString(line)));
        process.Finish();
        Assert.Equal(["a \"b\" 'c' $(touch no)", "-d"], output);
    }
}
