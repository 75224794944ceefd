using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Networks;

namespace VideoCaptionRetrieval.Models.Tests.Checkpoints;

/// <summary>transformers 5 refuses a config.json with a whole number, such as 1, where it declares a float.</summary>
[Trait("Category", "Fixtures")]
public sealed class ConfigTypesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-types-").FullName;

    public static TheoryData<string> Cases => FixtureCase.OfKind("config-types");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void WrittenConfig_WholeNumbersWhereFloatsAreDeclared_HasTheDeclaredTypes(string row)
    {
        var types = FixtureCase.Open(row).Json["types"]!.AsObject();
        var tower = TinyClip.Config.Text.Tower with { LayerNormEpsilon = 1, InitializerRange = 2 };
        var clip = TinyClip.Config with
        {
            Text = TinyClip.Config.Text with { Tower = tower },
            Vision = TinyClip.Config.Vision with { Tower = tower },
            LogitScaleInit = 3,
            InitializerFactor = 1,
        };
        AssertTypes(types, "CLIP", JsonNode.Parse(clip.ToJson())!);
        File.WriteAllText(Path.Combine(_folder, "config.json"), clip.ToJson());
        Assert.Equal(clip, ClipConfig.Read(_folder));
        foreach (var task in Enum.GetValues<BlipTask>())
        {
            var blip = new BlipConfig { InitializerRange = 1, LogScale = 3, Text = new() { LayerNormEpsilon = 1 }, Vision = new() { LayerNormEpsilon = 1 } };
            blip.Write(_folder, task);
            AssertTypes(types, "Blip", JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "config.json")))!);
        }
    }

    private static void AssertTypes(JsonObject types, string family, JsonNode config)
    {
        AssertSection(types, $"{family}Config", config);
        AssertSection(types, $"{family}TextConfig", config["text_config"]!);
        AssertSection(types, $"{family}VisionConfig", config["vision_config"]!);
    }

    private static void AssertSection(JsonObject types, string name, JsonNode section)
    {
        var declared = types[name]!.AsObject();
        foreach (var (key, value) in section.AsObject())
        {
            if (declared[key] is not { } listed) continue;
            var allowed = listed.AsArray().Select(type => type!.GetValue<string>()).ToList();
            Assert.True(allowed.Contains("any") || allowed.Contains(TypeOf(value)), $"{name}.{key} is {value?.ToJsonString()}; declared: {string.Join(", ", allowed)}");
        }
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null => "null",
        System.Text.Json.JsonValueKind.Array => "list",
        System.Text.Json.JsonValueKind.Object => "object",
        System.Text.Json.JsonValueKind.String => "string",
        System.Text.Json.JsonValueKind.Number => value.ToJsonString().AsSpan().ContainsAny('.', 'e', 'E') ? "float" : "integer",
        _ => "boolean",
    };
}
