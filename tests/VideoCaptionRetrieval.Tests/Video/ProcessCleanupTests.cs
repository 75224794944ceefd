using System.Diagnostics;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>Looks at all children of the test process, so that no other test may run meanwhile.</summary>
[Collection(nameof(ProcessCleanupTests))]
[CollectionDefinition(nameof(ProcessCleanupTests), DisableParallelization = true)]
public sealed class ProcessCleanupTests : IDisposable
{
    private static readonly FrameFormat _small = new(16, FrameFit.Stretch);

    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-cleanup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Read_FromManyThreads_SameFramesAndNoProcessLeft()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var path = InstalledFfmpeg.Make(Path.Combine(_folder, "v.mkv"), "-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2", "-c:v", "mpeg4");
        var reader = new VideoFrameReader(new());
        var expected = reader.Read(new("v", path), [new(10, _small)]).Frames[0];
        Parallel.For(0, 8, new() { MaxDegreeOfParallelism = 4 }, _ => Assert.Equal(expected, reader.Read(new("v", path), [new(10, _small)]).Frames[0]));
        Assert.Empty(Children());
    }

    [SkippableFact]
    public void Read_Cancelled_EndsAtOnceAndLeavesNoProcess()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var path = InstalledFfmpeg.Make(Path.Combine(_folder, "long.mkv"), "-f", "lavfi", "-i", "testsrc2=s=640x480:r=25:d=60", "-c:v", "mpeg4");
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(400));
        var watch = Stopwatch.StartNew();
        Assert.ThrowsAny<OperationCanceledException>(() => new VideoFrameReader(new()).Read(new("v", path), [new(1000, new(224))], cancelled.Token));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
        Assert.Empty(Children());
    }

    /// <summary>Programs of ffmpeg's that this process started, zombies too.</summary>
    private static IEnumerable<string> Children() =>
        ChildProcesses.Of(Environment.ProcessId).Values.Where(status => status.Contains(") Z") || status.Contains("(ff"));
}
