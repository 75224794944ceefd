using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>Faults of models end every command before long work starts.</summary>
[Collection(ToolTests.Name)]
public sealed class BadModelTests(Assets assets)
{
    private const string Commands = "index evaluate select fit embed";

    public static TheoryData<string> ClipCommands => [.. Commands.Split(' ')];

    public static TheoryData<string> CaptionerCommands => ["caption", "fit"];

    [SkippableTheory]
    [MemberData(nameof(ClipCommands))]
    public async Task Clip_MissingFolder_NamesIt(string command) =>
        (await RunAsync(command, clip: "no-such-model")).ExpectError(1, "'no-such-model'", "expected a checkpoint or a saved model");

    [SkippableTheory]
    [MemberData(nameof(ClipCommands))]
    public async Task Clip_TensorOfWrongShape_NamesFileTensorAndShapes(string command)
    {
        var clip = assets.CopyOf(assets.Clip);
        var shapes = Transpose(clip, "text_model.embeddings.position_embedding.weight");
        (await RunAsync(command, clip)).ExpectError(1, Path.Combine(clip, "model.safetensors"), "'text_model.embeddings.position_embedding.weight'", shapes.Found, shapes.Expected);
    }

    [SkippableTheory]
    [MemberData(nameof(ClipCommands))]
    public async Task Clip_WeightThatIsNotANumber_NamesFileAndTensor(string command)
    {
        var clip = assets.CopyOf(assets.Clip);
        Spoil(clip, "visual_projection.weight");
        (await RunAsync(command, clip)).ExpectError(1, Path.Combine(clip, "model.safetensors"), "'visual_projection.weight' holds 'NaN'");
    }

    [SkippableTheory]
    [MemberData(nameof(CaptionerCommands))]
    public async Task Captioner_WeightThatIsNotANumber_NamesFileAndTensor(string command)
    {
        var blip = assets.CopyOf(assets.Blip);
        Spoil(blip, "text_decoder.cls.predictions.bias");
        (await RunAsync(command, blip: blip)).ExpectError(1, Path.Combine(blip, "model.safetensors"), "'text_decoder.cls.predictions.bias' holds 'NaN'");
    }

    [SkippableTheory]
    [MemberData(nameof(ClipCommands))]
    public async Task Clip_UnknownActivation_NamesFileKeyAndValue(string command)
    {
        var clip = assets.CopyOf(assets.Clip);
        SetActivation(clip, "vision_config");
        (await RunAsync(command, clip)).ExpectError(1, Path.Combine(clip, "config.json"), "vision_config.hidden_act", "'swoosh'", "quick_gelu");
    }

    [SkippableTheory]
    [MemberData(nameof(ClipCommands))]
    public async Task Clip_FileThatIsNoModel_SaysWhatIsExpected(string command)
    {
        var file = assets.Lines("model.zip", "no zip");
        (await RunAsync(command, file)).ExpectError(1, file, "not a saved model");
    }

    [SkippableFact]
    public async Task Clip_DamagedSavedModel_NamesTheFile()
    {
        var model = Path.Combine(assets.Folder(), "model.zip");
        File.Copy(await assets.ModelAsync(), model);
        using (var archive = System.IO.Compression.ZipFile.Open(model, System.IO.Compression.ZipArchiveMode.Update))
            archive.Entries.Single(entry => entry.FullName.EndsWith("Transform_001/Model.key", StringComparison.Ordinal)).Delete();
        (await RunAsync("embed", model)).ExpectError(1, model);
    }

    [SkippableTheory]
    [MemberData(nameof(CaptionerCommands))]
    public async Task Captioner_MissingFolder_NamesIt(string command) =>
        (await RunAsync(command, blip: "no-such-captioner")).ExpectError(1, "'no-such-captioner'", "it does not exist");

    [SkippableTheory]
    [MemberData(nameof(CaptionerCommands))]
    public async Task Captioner_OfUnknownKind_ListsFilesAndKinds(string command) =>
        (await RunAsync(command, blip: assets.Clip)).ExpectError(1, assets.Clip, "'config.json'", "BLIP", "ClipCap", "ONNX");

    [SkippableTheory]
    [MemberData(nameof(CaptionerCommands))]
    public async Task Captioner_TensorOfWrongShape_NamesFileTensorAndShapes(string command)
    {
        var blip = assets.CopyOf(assets.Blip);
        var shapes = Transpose(blip, "text_decoder.bert.embeddings.word_embeddings.weight");
        (await RunAsync(command, blip: blip)).ExpectError(1, Path.Combine(blip, "model.safetensors"), "word_embeddings.weight'", shapes.Found, shapes.Expected);
    }

    [SkippableTheory]
    [MemberData(nameof(CaptionerCommands))]
    public async Task Captioner_UnknownActivation_NamesFileKeyAndValue(string command)
    {
        var blip = assets.CopyOf(assets.Blip);
        SetActivation(blip, "text_config");
        (await RunAsync(command, blip: blip)).ExpectError(1, Path.Combine(blip, "config.json"), "text_config.hidden_act", "'swoosh'");
    }

    [SkippableTheory]
    [InlineData("caption")]
    [InlineData("fit")]
    [InlineData("index")]
    [InlineData("evaluate")]
    public async Task Videos_EmptyFolderOrNoSuchPath_NamesIt(string command)
    {
        var empty = assets.Folder();
        (await RunAsync(command, videos: empty)).ExpectError(1, $"'{empty}' holds no video file", "mp4");
        (await RunAsync(command, videos: "no-such-folder")).ExpectError(1, "'no-such-folder' is neither a video file, a folder");
        var list = assets.Lines("list.jsonl", """{"video":"a.mp4"}""", "nonsense");
        (await RunAsync(command, videos: list)).ExpectError(1, $"'{list}', line 2");
    }

    private Task<ToolResult> RunAsync(string command, string? clip = null, string? blip = null, string? videos = null)
    {
        (clip, blip, videos) = (clip ?? assets.Clip, blip ?? assets.Blip, videos ?? assets.Videos);
        var output = Path.Combine(assets.Folder(), "output");
        var lines = assets.Lines("lines.jsonl", $$"""{"video":"{{assets.Paths[0]}}","caption":"a","text":"a","time":0}""");
        return Tool.RunAsync(command switch
        {
            "index" => [command, videos, "--model", clip, "--out", output],
            "evaluate" => [command, "--videos", videos, "--model", clip, "--queries", lines],
            "select" => [command, lines, "--clip", clip, "--out", output],
            "fit" => [command, videos, "--clip", clip, "--captioner", $"a={blip}", "--out", output],
            "caption" => [command, videos, "--captioner", $"a={blip}", "--out", output],
            _ => [command, "--clip", clip, "--text", "a"],
        });
    }

    private static void SetActivation(string folder, string section)
    {
        var path = Path.Combine(folder, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        config[section]!["hidden_act"] = "swoosh";
        File.WriteAllText(path, config.ToJsonString());
    }

    /// <summary>Makes the first value of a tensor NaN.</summary>
    private static void Spoil(string folder, string tensor)
    {
        var path = Path.Combine(folder, "model.safetensors");
        var file = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var start = JsonNode.Parse(file.AsSpan(8, length))![tensor]!["data_offsets"]![0]!.GetValue<int>();
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(8 + length + start), float.NaN);
        File.WriteAllBytes(path, file);
    }

    /// <summary>Exchanges the two sides of a tensor in the header of model.safetensors.</summary>
    private static (string Found, string Expected) Transpose(string folder, string tensor)
    {
        var path = Path.Combine(folder, "model.safetensors");
        var file = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var header = JsonNode.Parse(file.AsSpan(8, length))!;
        var shape = header[tensor]!["shape"]!.AsArray().Select(side => side!.GetValue<int>()).ToArray();
        header[tensor]!["shape"] = new JsonArray(shape[1], shape[0]);
        var text = System.Text.Encoding.UTF8.GetBytes(header.ToJsonString().PadRight(length));
        Assert.Equal(length, text.Length);
        text.CopyTo(file, 8);
        File.WriteAllBytes(path, file);
        return ($"[{shape[1]}, {shape[0]}]", $"[{shape[0]}, {shape[1]}]");
    }
}
