using System.Text.Json;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Cli.Tests.Commands;

[Collection(ToolTests.Name)]
public sealed class InspectCommandTests(Assets assets)
{
    [Fact]
    public async Task Inspect_Clip_FormatSizesAndTypes()
    {
        var report = (await Tool.RunAsync("inspect", assets.Clip, "--json")).Expect(0).Json;
        using var weights = new SafetensorsFile(Path.Combine(assets.Clip, "model.safetensors"));
        Assert.Equal(("CLIP", "Hugging Face", true), (Text(report, "model"), Text(report, "format"), report.GetProperty("complete").GetBoolean()));
        Assert.Equal(weights.Entries.Count, report.GetProperty("tensors").GetInt32());
        Assert.Equal(weights.Entries.Values.Sum(entry => entry.Count), report.GetProperty("weights").GetProperty("F32").GetInt64());
        Assert.Equal(64, report.GetProperty("settings").GetProperty("imageSize").GetInt32());
        Assert.Contains(report.GetProperty("files").EnumerateArray(), file => Text(file, "name") == "model.safetensors"
            && file.GetProperty("bytes").GetInt64() == new FileInfo(weights.Path).Length);
    }

    [Fact]
    public async Task Inspect_Blip_SaysWhatItIs()
    {
        var result = (await Tool.RunAsync("inspect", assets.Blip)).Expect(0);
        Assert.Contains("BLIP captioner", result.Output);
        Assert.EndsWith("complete", result.Output.TrimEnd());
    }

    [Fact]
    public async Task Inspect_MissingLeftOverAndWrongTensors_ListsAllAndFails()
    {
        var clip = assets.CopyOf(assets.Clip);
        using (var weights = new SafetensorsFile(Path.Combine(assets.Clip, "model.safetensors")))
        {
            var entries = weights.Entries.ToDictionary();
            entries.Remove("logit_scale");
            entries.Remove("text_projection.weight");
            entries["extra.weight"] = weights.Entries["visual_projection.weight"];
            var shape = entries["visual_projection.weight"].Shape;
            entries["visual_projection.weight"] = entries["visual_projection.weight"] with { Shape = [shape[0] * shape[1]] };
            using var changed = new WeightsFile(weights.Path, entries);
            SafetensorsWriter.Copy(Path.Combine(clip, "model.safetensors"), changed, entries.Keys);
        }
        var result = (await Tool.RunAsync("inspect", clip, "--json")).Expect(1);
        Assert.Equal(["logit_scale", "text_projection.weight"], Texts(result.Json, "missing"));
        Assert.Equal(["extra.weight"], Texts(result.Json, "unexpected"));
        Assert.Contains("'visual_projection.weight' has shape", Assert.Single(Texts(result.Json, "wrong")));
        var people = (await Tool.RunAsync("inspect", clip)).Expect(1).Output;
        Assert.All(new[] { "missing", "logit_scale", "unexpected", "extra.weight", "wrong", "cannot be loaded" }, part => Assert.Contains(part, people));
    }

    [Fact]
    public async Task Inspect_Nothing_SaysWhereToGetOne() =>
        (await Tool.RunAsync("inspect", "no-such-model")).ExpectError(1, "'no-such-model'", "vcr models get");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string[] Texts(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}
