using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Torch.Tests.Blip;

/// <summary>The checkpoints of fixtures.</summary>
internal static class BlipFixtureFolder
{
    /// <summary>The case's checkpoint; one of the authors' gets a config.json with what its file does not say, in a folder of its own.</summary>
    internal static string Prepare(FixtureCase fixture, string folder)
    {
        if (fixture.Options["checkpoint"] is null) return fixture.Model;
        foreach (var file in Directory.GetFiles(fixture.Model)) File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
        var config = new JsonObject
        {
            ["vision_config"] = new JsonObject
            {
                ["image_size"] = fixture.Options["image_size"]!.DeepClone(),
                ["num_attention_heads"] = fixture.Options["heads_vision"]!.DeepClone(),
            },
            ["text_config"] = new JsonObject { ["num_attention_heads"] = fixture.Options["heads_text"]!.DeepClone() },
        };
        File.WriteAllText(Path.Combine(folder, CheckpointFiles.Configuration), config.ToJsonString());
        return folder;
    }
}
