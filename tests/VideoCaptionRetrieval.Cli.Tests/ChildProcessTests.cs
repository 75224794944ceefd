using System.Globalization;
using System.Text;

namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>What only a process of its own shows: standard streams, exit codes, the working directory, PATH, signals.</summary>
[Collection(ToolTests.Name)]
public sealed class ChildProcessTests(Assets assets)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [SkippableFact]
    public async Task Index_RelativePathsAndJson_OneDocumentOnStandardOutput()
    {
        var folder = Path.GetDirectoryName(assets.Videos)!;
        var name = Path.GetFileName(assets.Videos);
        var index = Path.Combine(assets.Folder(), "index");
        var result = await ToolChild.RunAsync(folder, ["index", name, "nothing.mp4", "--model", assets.Clip, "--frames", "1", "--out", index, "--json", "--verbose"]);
        Assert.Equal(["nothing.mp4"], result.Expect(0).Skipped);
        Assert.Equal('{', result.Output[0]);                                   // no byte order mark
        Assert.Equal(1, result.Output.Count(letter => letter == '\n'));
        Assert.Contains("skipped nothing.mp4", result.Error, StringComparison.Ordinal);

        var search = (await ToolChild.RunAsync(folder, ["search", index, "été 日本", "--json"])).Expect(0);
        Assert.Equal("été 日本", search.Json.Text("query"));
        Assert.Equal(Assets.Names.Select(file => $"{name}/{file}"), search.Json.GetProperty("hits").EnumerateArray().Select(hit => hit.Text("video")).Order(StringComparer.Ordinal));
        Assert.Empty(search.Error);
    }

    [Fact]
    public async Task Tool_Faults_ExitCodesOfTheProcess()
    {
        (await ToolChild.RunAsync(assets.Folder(), ["frames"])).ExpectError(2, "vcr frames --help");
        (await ToolChild.RunAsync(assets.Folder(), ["search", "nowhere", "x", "--json"])).ExpectError(1, "nowhere");
        var verbose = (await ToolChild.RunAsync(assets.Folder(), ["search", "nowhere", "x", "--verbose"])).Expect(1);
        Assert.Contains("   at ", verbose.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Tool_CacheThatCannotBeWritten_NamesTheVariable()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "root cannot write to /proc");
        var (model, folder) = (await assets.ModelAsync(), assets.Folder());
        using var child = new ToolChild(folder, ["index", assets.Paths[0], "--model", model, "--out", "index"], null, ("VCR_CACHE", ""), ("XDG_CACHE_HOME", "/proc/none"));
        (await child.FinishAsync()).ExpectError(1, "'/proc/none/video-caption-retrieval/", "VCR_CACHE");
    }

    [Fact]
    public async Task Tool_RelativePathThatLeadsNowhere_NamesTheWorkingDirectory()
    {
        var folder = assets.Folder();
        foreach (var arguments in new string[][]
            { ["embed", "--clip", "models/clip", "--text", "x"], ["captions", "stats", "captions"], ["inspect", "models/clip"], ["frames", "clips/v.mp4", "--out", "f"] })
            (await ToolChild.RunAsync(folder, arguments)).ExpectError(1, "does not exist", $"(working directory '{folder}')");
    }

    [SkippableFact]
    public async Task Tool_WithoutFfmpeg_SaysHowToInstallIt()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "PATH of this test holds what Linux needs");
        var bin = assets.Folder();
        File.CreateSymbolicLink(Path.Combine(bin, "dotnet"), Locate("dotnet"));
        var result = await ToolChild.RunAsync(assets.Folder(), ["index", assets.Lines("v.mp4", "x"), "--model", assets.Clip, "--out", "index"], path: bin);
        result.ExpectError(1, "'ffmpeg' was not found", "apt-get install ffmpeg");
    }

    [SkippableFact]
    public async Task Caption_Interrupted_Gives130AtOnceAndTheSameCommandContinues()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals and /proc are Linux's");
        const int Frames = 8;                                   // two videos are captioned at once then, and stored
        var (folder, clips) = (assets.Folder(), Enumerable.Range(0, 400).Select(i => Invariant($$"""{"video":"{{assets.Paths[1]}}","start":{{i / 200.0}}}""")).ToArray());
        File.WriteAllLines(Path.Combine(folder, "list.jsonl"), clips);
        string[] arguments = ["caption", "list.jsonl", "--captioner", $"a={assets.Blip}", "--count", $"{Frames}", "--beams", "1", "--out", "captions.jsonl", "--json"];
        using var child = new ToolChild(folder, arguments);
        await InterruptAsync(child, () => HoldsCaptions(Path.Combine(folder, "captions.jsonl.partial")), assets.Paths[1]);
        Assert.False(File.Exists(Path.Combine(folder, "captions.jsonl")));

        // Parts of one video share frames, which are captioned once.
        var stored = Times(Path.Combine(folder, "captions.jsonl.partial", "captions.jsonl"));
        Assert.Equal(stored.Count, stored.Distinct().Count());
        const int Fewer = 60;                                                   // all would take long, and is the same
        File.WriteAllLines(Path.Combine(folder, "list.jsonl"), clips.Take(Fewer));
        var second = (await ToolChild.RunAsync(folder, [.. arguments, "--verbose"])).Expect(0);
        var written = Times(Path.Combine(folder, "captions.jsonl"));
        Assert.Equal(Fewer * Frames, written.Count);
        var made = written.Except(stored).Count();
        Assert.Contains($"{made} captions made, {written.Count - made} taken from the store", second.Error, StringComparison.Ordinal);
        Assert.Equal(["captions.jsonl", "list.jsonl"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static List<double> Times(string file) => [.. LineReading.ReadLines(file).Select(line => line.Number("time"))];

    [SkippableFact]
    public async Task Fit_Interrupted_Gives130AndWritesNoModel()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals and /proc are Linux's");
        var folder = assets.Folder();
        using var child = new ToolChild(folder, ["fit", assets.Videos, "--clip", assets.Clip, "--captioner", $"a={assets.Blip}", "--frames", "2",
            "--beams", "1", "--epochs", "1000000", "--out", "model.zip"]);
        await InterruptAsync(child, () => HoldsCaptions(Path.Combine(folder, "model.zip.captions")), assets.Videos);
        Assert.Equal(["model.zip.captions"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
    }

    /// <summary>Waits until the work is under way, sends what Ctrl-C sends, and sees that everything ends soon.</summary>
    private static async Task InterruptAsync(ToolChild child, Func<bool> isUnderWay, string video)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!isUnderWay() && !child.HasExited) await Task.Delay(50, patience.Token);
        var start = Environment.TickCount64;
        child.Interrupt();
        var result = await child.FinishAsync();
        Assert.Empty(result.Expect(130).Output);
        Assert.Contains("Cancelled.", result.Error, StringComparison.Ordinal);
        Assert.True(Environment.TickCount64 - start < 10_000, $"ended after {Environment.TickCount64 - start} ms");
        Assert.Empty(RunningOn(video));
    }

    private static bool HoldsCaptions(string store) => new FileInfo(Path.Combine(store, "captions.jsonl")) is { Exists: true, Length: > 0 };

    private static List<string> RunningOn(string video)
    {
        var running = new List<string>();
        foreach (var process in Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)))
        {
            try
            {
                var command = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "cmdline"))).Replace('\0', ' ');
                if (command.Contains("ffmpeg", StringComparison.Ordinal) && command.Contains(video, StringComparison.Ordinal)) running.Add(command);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
        return running;
    }

    private static string Locate(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).First(File.Exists);
}
