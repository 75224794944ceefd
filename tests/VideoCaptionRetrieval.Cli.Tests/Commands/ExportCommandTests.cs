namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Collection(ToolTests.Name)]
public sealed class ExportCommandTests(Assets assets)
{
    private static readonly string[] Companions = ["config.json", "merges.txt", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json", "vocab.json"];

    [Fact]
    public async Task Export_Safetensors_IsACheckpointWithTheSameEmbeddings()
    {
        var folder = Target();
        var result = (await Tool.RunAsync("export", "--model", assets.Clip, "--safetensors", folder, "--json")).Expect(0);
        Assert.Equal(Files(folder), result.Json.GetProperty("files").EnumerateArray().Select(file => Path.GetRelativePath(folder, file.GetString()!)));
        Assert.Equal([.. Companions.Append("model.safetensors").Order(StringComparer.Ordinal)], Files(folder));
        Assert.Equal(await EmbedAsync(assets.Clip), await EmbedAsync(folder));
        (await Tool.RunAsync("inspect", folder)).Expect(0);
    }

    [SkippableFact]
    public async Task Export_OnnxOfASavedModel_IsACheckpointWithTheSameEmbeddings()
    {
        var (model, folder) = (await assets.ModelAsync(), Target());
        var result = (await Tool.RunAsync("export", "--model", model, "--onnx", folder)).Expect(0);
        Assert.Contains("temperature", result.Error);
        Assert.Equal([.. Companions.Concat(["onnx/text_model.onnx", "onnx/vision_model.onnx"]).Order(StringComparer.Ordinal)], Files(folder));
        var (expected, got) = (await EmbedAsync(model), await EmbedAsync(folder));
        Assert.NotEqual(await EmbedAsync(assets.Clip), got);
        Assert.Equal(expected, got, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public async Task Export_OtherImageSize_TheCheckpointTakesIt()
    {
        var folder = Target();
        (await Tool.RunAsync("export", "--model", assets.Clip, "--safetensors", folder, "--image-size", "96")).Expect(0);
        var report = (await Tool.RunAsync("inspect", folder, "--json")).Expect(0).Json;
        Assert.Equal(96, report.GetProperty("settings").GetProperty("imageSize").GetInt32());
        Assert.StartsWith("96 x 96", report.GetProperty("settings").GetProperty("frames").GetString());
        Assert.Equal(await EmbedAsync(assets.Clip), await EmbedAsync(folder));       // texts do not change
    }

    [Fact]
    public async Task Export_FolderWithContent_RefusedAndUntouched()
    {
        var folder = Path.GetDirectoryName(assets.Lines("mine.txt", "mine"))!;
        (await Tool.RunAsync("export", "--model", assets.Clip, "--onnx", folder)).ExpectError(1, folder, "not empty");
        Assert.Equal(["mine.txt"], Files(folder));
    }

    [Fact]
    public async Task Export_OfAnExport_SaysThatThereAreNoWeights()
    {
        var (folder, again) = (Target(), Target());
        (await Tool.RunAsync("export", "--model", assets.Clip, "--onnx", folder)).Expect(0);
        (await Tool.RunAsync("export", "--model", folder, "--safetensors", again)).ExpectError(1, folder, "ONNX graphs alone");
        (await Tool.RunAsync("export", "--model", folder, "--onnx", again, "--image-size", "96")).ExpectError(1, folder, "64 pixels alone");
        Assert.False(Directory.Exists(again));
    }

    private string Target() => Path.Combine(assets.Folder(), "target");

    private static string[] Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    private static async Task<float[]> EmbedAsync(string model) =>
        [.. (await Tool.RunAsync("embed", "--clip", model, "--text", "a dog", "a red box", "--json")).Expect(0).Embeddings().SelectMany(row => row)];
}
