using System.Text.Json;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.TestSupport;

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
    public async Task Inspect_Clip_SaysWhatItCanAndWhereItsImageSettingsComeFrom()
    {
        var clip = assets.CopyOf(assets.Clip);
        File.WriteAllText(Path.Combine(clip, "processor_config.json"),
            """{"image_processor": {"image_processor_type": "CLIPImageProcessor", "size": {"height": 64, "width": 64}, "do_center_crop": false, "resample": 2}}""");
        var report = (await Tool.RunAsync("inspect", clip, "--json")).Expect(0).Json;
        Assert.Equal(("checkpoint", "CLIP"), (Text(report, "kind"), Text(report, "family")));
        Assert.Equal(["embed-text", "embed-image", "train"], Texts(report, "capabilities"));
        Assert.Equal(64, report.GetProperty("imageSize").GetInt32());
        Assert.True(report.GetProperty("embedding").GetInt32() > 0);
        Assert.Equal("processor_config.json", Text(report.GetProperty("settings"), "file"));
        Assert.Equal(["image_mean", "image_std", "rescale_factor"], Texts(report.GetProperty("settings"), "default"));
        var people = (await Tool.RunAsync("inspect", clip)).Expect(0).Output;
        Assert.Contains("processor_config.json", people);
        Assert.Contains("defaults taken: image_mean, image_std, rescale_factor", people);

        File.Delete(Path.Combine(clip, "processor_config.json"));
        File.Delete(Path.Combine(clip, "preprocessor_config.json"));
        var without = (await Tool.RunAsync("inspect", clip, "--json")).Expect(0).Json.GetProperty("settings");
        Assert.Equal(JsonValueKind.Null, without.GetProperty("file").ValueKind);
        Assert.Contains("image_mean", Texts(without, "default"));
        Assert.Contains("stated by no file", (await Tool.RunAsync("inspect", clip)).Expect(0).Output);
    }

    [SkippableFact]
    public async Task Inspect_SavedModel_ItsCheckpointAndHowItSearches()
    {
        var model = await assets.ModelAsync();
        var report = (await Tool.RunAsync("inspect", model, "--json")).Expect(0).Json;
        Assert.Equal(("model", "CLIP", model), (Text(report, "kind"), Text(report, "family"), Text(report, "path")));
        Assert.True(report.GetProperty("retrieval").GetProperty("frames").GetInt32() > 0);
        Assert.Equal(0.1, report.GetProperty("retrieval").GetProperty("temperature").GetDouble());
        Assert.True(report.GetProperty("complete").GetBoolean());
        Assert.Contains("saved model, CLIP", (await Tool.RunAsync("inspect", model)).Expect(0).Output);
    }

    [SkippableFact]
    public async Task Inspect_Index_WhatItHoldsAndWhatMadeIt()
    {
        var index = Path.Combine(assets.Folder(), "index");
        (await Tool.RunAsync("index", assets.Videos, "--model", assets.Clip, "--out", index, "--frames", "3")).Expect(0);
        var report = (await Tool.RunAsync("inspect", index, "--json")).Expect(0).Json;
        Assert.Equal(("index", "CLIP"), (Text(report, "kind"), Text(report, "family")));
        Assert.Equal((3, 9), (report.GetProperty("videos").GetInt32(), report.GetProperty("frames").GetInt32()));
        Assert.Equal("QueryScoring", Text(report.GetProperty("retrieval"), "pooling"));
        Assert.Equal((await Tool.RunAsync("inspect", assets.Clip, "--json")).Expect(0).Json.GetProperty("embedding").GetInt32(), report.GetProperty("embedding").GetInt32());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("integerProducts").ValueKind);
        var people = (await Tool.RunAsync("inspect", index)).Expect(0).Output;
        Assert.All(new[] { "made with a CLIP", "in floating point" }, part => Assert.Contains(part, people));
    }

    [SkippableFact]
    public async Task Inspect_IndexOfQuantisedGraphs_WhichWayTheyWereComputed()
    {
        var model = Path.Combine(ReferenceFolder.Fixtures, "clip-onnx-quantized", "model");
        ReferenceFolder.SkipWhereAbsent(model);
        var index = Path.Combine(assets.Folder(), "index");
        (await Tool.RunAsync("index", assets.Videos, "--model", model, "--out", index, "--frames", "3")).Expect(0);
        var expected = PreciseProducts.AreNeeded ? "Precise" : "Plain";
        Assert.Equal(expected, Text((await Tool.RunAsync("inspect", index, "--json")).Expect(0).Json, "integerProducts"));
        Assert.Contains($"in 8 bits, {expected} products", (await Tool.RunAsync("inspect", index)).Expect(0).Output);
    }

    [Fact]
    public async Task Inspect_Nothing_SaysWhereToGetOne() =>
        (await Tool.RunAsync("inspect", "no-such-model")).ExpectError(1, "'no-such-model'", "vcr models get");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string[] Texts(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}
