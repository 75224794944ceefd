using System.Diagnostics;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>Each file of the table gives frames or its reason, in bounded time and memory, and nothing else is touched.</summary>
[Collection(nameof(ProcessCleanupTests))]
public sealed class HostileFileTests : IDisposable
{
    /// <summary>The time in all for a small file, with room for a busy machine.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30 + 15);
    private const long MaximumMemory = 1L << 30;

    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-hostile-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void Read_EveryFileOfTheTable_HasItsOutcome()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        Skip.If(OperatingSystem.IsWindows(), "makes pipes, links and names that Windows does not have");
        var files = new HostileFiles(_folder);
        var reader = new VideoFrameReader(new());
        using var peak = new PeakMemoryOfChildren();
        var problems = new List<string>();
        foreach (var (name, outcome, make) in HostileFiles.Table)
        {
            var path = Path.Combine(_folder, name);
            make(files, path);
            var watch = Stopwatch.StartNew();
            if (Problem(reader, path, outcome) is { } problem) problems.Add($"{name}: {problem}");
            if (watch.Elapsed > _limit) problems.Add($"{name}: took {watch.Elapsed}");
        }
        Assert.True(problems.Count == 0, string.Join('\n', problems));
        Assert.True(HostileFiles.Table.Count >= 24);
        Assert.InRange(peak.Bytes, 1, MaximumMemory);
        Assert.False(File.Exists("PWNED") || File.Exists(Path.Combine(_folder, "PWNED")));
    }

    private static string? Problem(VideoFrameReader reader, string path, string outcome)
    {
        try
        {
            var sampled = reader.Read(new("v", path), [new(10, new(16))]);
            if (outcome != HostileFiles.Frames) return $"gave frames, expected a reason with '{outcome}'";
            return sampled.Times[0].SequenceEqual(sampled.Times[0].Order()) ? null : "times are not in order";
        }
        catch (VideoReadException e)
        {
            return outcome != HostileFiles.Frames && e.Reason.Contains(outcome) ? null : $"'{e.Reason}', expected '{outcome}'";
        }
    }
}
