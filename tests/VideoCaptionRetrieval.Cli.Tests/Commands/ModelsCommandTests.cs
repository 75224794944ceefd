using System.Security.Cryptography;
using VideoCaptionRetrieval.Models.Hub;
using VideoCaptionRetrieval.TestSupport.Hub;

namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Collection(ToolTests.Name)]
public sealed class ModelsCommandTests(Assets assets) : IDisposable
{
    private const string Weights = "model.safetensors";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly LocalHub _hub = new();

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task List_Json_GivesNamesSourcesAndSizes()
    {
        var models = (await Tool.RunAsync("models", "list", "--json")).Expect(0).Json.GetProperty("models").EnumerateArray().ToList();
        Assert.Equal(KnownModels.All.Select(model => model.Name), models.Select(model => model.Text("name")));
        Assert.Contains(models, model => model.Text("source") == "openai/clip-vit-base-patch16" && model.Number("bytes") > 1e8);
        Assert.Contains("openai/clip-vit-base-patch16", (await Tool.RunAsync("models", "list")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Repository_WritesItAndSaysWhatItWrote()
    {
        var content = _hub.AddCheckpoint();
        var folder = Path.Combine(assets.Folder(), "clip");
        string[] arguments = ["models", "get", LocalHub.Repository, "--endpoint", _hub.Address, "--out", folder, "--json"];
        var first = (await Tool.RunAsync(arguments)).Expect(0);
        Assert.Equal((folder, LocalHub.Commit, "main"), (first.Json.Text("out"), first.Json.Text("commit"), first.Json.Text("revision")));
        var weights = first.Json.GetProperty("files").EnumerateArray().Single(file => file.Text("name") == Weights);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), weights.Text("sha256"));
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(folder, Weights)));
        Assert.Equal(300_003, first.Json.Number("fetchedBytes"));
        Assert.Equal(0, (await Tool.RunAsync(arguments)).Expect(0).Json.Number("fetchedBytes"));
    }

    [Fact]
    public async Task Get_ACheckpoint_IsTakenByOtherCommands()
    {
        foreach (var file in Directory.GetFiles(assets.Clip)) _hub.Files[Path.GetFileName(file)] = File.ReadAllBytes(file);
        _hub.Large.Add(Weights);
        var folder = Path.Combine(assets.Folder(), "clip");
        var got = (await Tool.RunAsync("models", "get", LocalHub.Repository, "--endpoint", _hub.Address, "--out", folder)).Expect(0);
        Assert.StartsWith($"{folder}: ", got.Output, StringComparison.Ordinal);
        string[] embed = ["embed", "--text", "a dog", "--json", "--clip"];
        var expected = (await Tool.RunAsync([.. embed, assets.Clip])).Expect(0).Output;
        Assert.Equal(expected, (await Tool.RunAsync([.. embed, folder])).Expect(0).Output);
    }

    [Fact]
    public async Task ModelByName_NotHere_IsFetchedOnceAndOfflineIsAnErrorBefore()
    {
        foreach (var file in Directory.GetFiles(assets.Clip)) _hub.Files[Path.GetFileName(file)] = File.ReadAllBytes(file);
        _hub.Large.Add(Weights);
        var folder = assets.Folder();
        string[] embed = ["embed", "--text", "a dog", "--json", "--clip"];
        var expected = (await Tool.RunAsync([.. embed, assets.Clip])).Expect(0).Output;
        async Task<ToolResult> Run(params string[] arguments)
        {
            using var child = Child(folder, arguments);
            return await child.FinishAsync();
        }
        (await Run([.. embed, LocalHub.Repository, "--offline"])).ExpectError(1, LocalHub.Repository, "vcr models get", "--offline");
        Assert.Empty(_hub.Requests);
        Assert.Equal(expected, (await Run([.. embed, LocalHub.Repository])).Expect(0).Output);
        var requests = _hub.Requests.Count;
        Assert.Equal(expected, (await Run([.. embed, LocalHub.Repository, "--offline"])).Expect(0).Output);
        Assert.Equal(requests, _hub.Requests.Count);
        var known = (await Run("models", "list", "--json")).Expect(0).Json.GetProperty("models").EnumerateArray();
        Assert.All(known, model => Assert.False(model.GetProperty("cached").GetBoolean()));
    }

    [SkippableFact]
    public async Task IndexByName_ThenSearch_NeedNothingElse()
    {
        foreach (var file in Directory.GetFiles(assets.Clip)) _hub.Files[Path.GetFileName(file)] = File.ReadAllBytes(file);
        _hub.Large.Add(Weights);
        var folder = assets.Folder();
        using var index = Child(folder, "index", assets.Videos, "--model", LocalHub.Repository, "--out", "my.index", "--frames", "4");
        Assert.Contains($"{assets.Paths.Count} in all", (await index.FinishAsync()).Expect(0).Output, StringComparison.Ordinal);
        using var search = Child(folder, "search", "my.index", "a red box", "--json");
        Assert.Equal(assets.Paths.Count, (await search.FinishAsync()).Expect(0).Json.GetProperty("hits").GetArrayLength());
    }

    [Theory]
    [InlineData("clip-vit-base-patch61")]
    [InlineData("Clip-vit-base-patch-16")]
    public async Task ModelByName_Misspelt_SaysWhichIsMeantAndAsksNobody(string name)
    {
        (await Tool.RunAsync("embed", "--text", "a dog", "--clip", name)).ExpectError(1, name, "did you mean 'clip-vit-base-patch16'?");
        (await Tool.RunAsync("models", "get", name, "--endpoint", _hub.Address)).ExpectError(1, name, "did you mean 'clip-vit-base-patch16'?");
        Assert.Empty(_hub.Requests);
    }

    [Theory]
    [InlineData("403 Forbidden", "set HF_TOKEN")]
    [InlineData("404 Not Found", "'vcr models list' names public checkpoints")]
    public async Task Get_RepositoryThatIsRefused_SaysWhatToDo(string status, string said)
    {
        _hub.ListingStatus = status;
        var folder = Path.Combine(assets.Folder(), "x");
        (await Tool.RunAsync("models", "get", LocalHub.Repository, "--endpoint", _hub.Address, "--out", folder, "--json"))
            .ExpectError(1, "owner/clip", said);
    }

    [Fact]
    public async Task Get_OutIsAFile_SaysSo() =>
        (await Tool.RunAsync("models", "get", "openai-vit-b-32", "--endpoint", _hub.Address, "--out", assets.Lines("file", "x")))
            .ExpectError(1, "is a file; expected a folder");

    [Fact]
    public async Task Get_KilledMidway_TheSameCommandContinuesInTheCacheByTheEnvironmentsHub()
    {
        var content = _hub.AddCheckpoint();
        _hub.Fail(Weights, HubFault.Stalls);
        var (folder, part) = Start();
        using (var child = Child(folder))
        {
            await HalfAsync(child, part);
            child.Kill();
        }
        using var second = Child(folder);
        (await second.FinishAsync()).Expect(0);
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(InCache(folder), Weights)));
        Assert.Equal([null, "bytes=150000-"], _hub.RequestsFor(Weights).Select(request => request.Range));
        Assert.All(_hub.Requests, request => Assert.Equal("Bearer hf_test", request.Authorization));
    }

    [SkippableFact]
    public async Task Get_Interrupted_Gives130AndTheSameCommandContinues()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals are Linux's");
        var content = _hub.AddCheckpoint();
        _hub.Fail(Weights, HubFault.Stalls);
        var (folder, part) = Start();
        using (var child = Child(folder))
        {
            await HalfAsync(child, part);
            child.Interrupt();
            Assert.Contains("Cancelled.", (await child.FinishAsync()).Expect(130).Error, StringComparison.Ordinal);
        }
        using var second = Child(folder);
        (await second.FinishAsync()).Expect(0);
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(InCache(folder), Weights)));
        Assert.Equal("bytes=150000-", _hub.RequestsFor(Weights)[^1].Range);
    }

    private (string Folder, string Part) Start()
    {
        var folder = assets.Folder();
        return (folder, Path.Combine(InCache(folder), Weights + ".part"));
    }

    private static string InCache(string folder) => Path.Combine(folder, "cache", "hub", LocalHub.Repository.Replace("/", "--", StringComparison.Ordinal));

    private ToolChild Child(string folder) => Child(folder, "models", "get", LocalHub.Repository);

    private ToolChild Child(string folder, params string[] arguments) => new(
        folder, arguments, path: null,
        (HubOptions.EndpointVariable, _hub.Address), (HubOptions.TokenVariable, "hf_test"), ("VCR_CACHE", Path.Combine(folder, "cache")));

    private static async Task HalfAsync(ToolChild child, string part)
    {
        var start = DateTime.UtcNow;
        while (!File.Exists(part) || new FileInfo(part).Length < 150_000)
        {
            Assert.False(child.HasExited, "the tool ended before half of the file was there");
            Assert.True(DateTime.UtcNow - start < Patience, "half of the file never came");
            await Task.Delay(20);
        }
    }
}
