using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.Captioning;

/// <summary>Captioning runs that are killed at random moments lose nothing but what was in flight.</summary>
public sealed class KilledCaptioningTests : IDisposable
{
    private const int Kills = 20, Videos = 150, FramesPerVideo = 4, ImagesPerBatch = 8;
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-killed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Transform_KilledAtTwentyMoments_StoreOfAnUnbrokenRunAndNoFrameTwice()
    {
        var (store, random) = (Path.Combine(_folder, "store"), new Random(7));
        var broken = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var (before, log) = (Stored(store), Path.Combine(_folder, $"{kill}.log"));
            using (var host = TestProgram.Start("CaptionHost", Arguments(store, log, milliseconds: 3)))
            {
                SpinWait.SpinUntil(() => File.Exists(log) || host.HasExited, TimeSpan.FromSeconds(60));
                Thread.Sleep(random.Next(5, 120));
                if (!host.HasExited) broken++;
                host.Kill();
                host.WaitForExit();
            }
            CheckRun(before, log, store);
        }
        Assert.True(broken > Kills / 2, $"only {broken} of {Kills} runs were still at work when they were killed");
        Finish(store, Path.Combine(_folder, "last.log"));

        var unbroken = Path.Combine(_folder, "unbroken");
        Finish(unbroken, Path.Combine(_folder, "unbroken.log"));
        Assert.Equal(Lines(unbroken), Lines(store));
        Assert.Equal(Videos * FramesPerVideo, Lines(store).Count);
    }

    /// <summary>Two processes that are at it together fill one store.</summary>
    [Fact]
    public void Transform_TwoProcessesOneStore_EveryFrameIsThere()
    {
        var store = Path.Combine(_folder, "shared");
        var hosts = Enumerable.Range(0, 2)
            .Select(i => TestProgram.Start("CaptionHost", Arguments(store, Path.Combine(_folder, $"shared{i}.log"), milliseconds: 1))).ToList();
        foreach (var host in hosts)
        {
            using var one = host;
            one.WaitForExit();
            Assert.Equal(0, one.ExitCode);
        }
        Assert.Equal(Videos * FramesPerVideo, CaptionStore.Open(store).Captions.Count);
    }

    private static void CheckRun(HashSet<string> before, string log, string store)
    {
        var asked = File.Exists(log) ? File.ReadAllText(log).Split('\n')[..^1] : [];       // a last line without an end was cut off
        Assert.Equal(asked.Length, asked.Distinct().Count());
        Assert.DoesNotContain(asked, before.Contains);
        Assert.True(asked.Except(Stored(store)).Count() <= ImagesPerBatch, "more was lost than one batch");
    }

    private static void Finish(string store, string log)
    {
        using var host = TestProgram.Start("CaptionHost", Arguments(store, log, milliseconds: 0));
        host.WaitForExit();
        Assert.Equal(0, host.ExitCode);
    }

    private static string[] Arguments(string store, string log, int milliseconds) => [store, log, $"{Videos}", $"{ImagesPerBatch}", $"{milliseconds}"];

    /// <summary>Hashes of the frames whose captions are in a store, which may end in half a line.</summary>
    private static HashSet<string> Stored(string store) => [.. CaptionStore.Open(store).Captions.Select(caption => caption.Content["frame-".Length..])];

    private static List<string> Lines(string store) =>
        [.. File.ReadAllLines(Path.Combine(store, "captions.jsonl")).Order(StringComparer.Ordinal)];
}
