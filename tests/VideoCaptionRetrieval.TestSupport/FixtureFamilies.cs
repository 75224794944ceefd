using System.Text.Json.Nodes;
using Xunit;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>The families whose checkpoints this library opens, as far as cases of kinds that any family may have.</summary>
public static class FixtureFamilies
{
    private static readonly string[] Opened = ["clip", "blip", "vision-encoder-decoder"];

    /// <summary>Skips a case whose checkpoint is of a family that is not opened yet, and names the family.</summary>
    public static void SkipUnlessOpened(FixtureCase fixture)
    {
        var family = FamilyOf(fixture.Model);
        Skip.IfNot(Opened.Contains(family), $"'{fixture.Name}' is of the family '{family}', which is not opened yet");
    }

    private static string FamilyOf(string folder)
    {
        if (Json(folder, "open_clip_config.json")?["model_cfg"] is { } openClip)
            return openClip["vision_cfg"]?["timm_model_name"]?.GetValue<string>() ?? openClip["text_cfg"]?["hf_model_name"]?.GetValue<string>() ?? "clip";
        return Json(folder, "config.json")?["model_type"]?.GetValue<string>() ?? "clip";
    }

    private static JsonNode? Json(string folder, string name) =>
        Path.Combine(folder, name) is var path && File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) : null;
}
