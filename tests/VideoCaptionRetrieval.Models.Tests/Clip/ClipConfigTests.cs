using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.TestSupport.Networks;

namespace VideoCaptionRetrieval.Models.Tests.Clip;

public sealed class ClipConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_EmptySections_ClassDefaults()
    {
        var config = Read("""{"model_type": "clip", "vision_config": {"patch_size": 16, "dropout": 0.0}, "text_config": null}""");
        Assert.Equal(new(ClipTextConfig.Default, ClipVisionConfig.Default with { PatchSize = 16 }), config);
        Assert.Equal((49408, 77, 2), (config.Text.VocabularySize, config.Text.ContextLength, config.Text.EndOfTextId));
    }

    [Fact]
    public void Read_OldStyleSection_OverridesTheOther()
    {
        var config = Read("""{"text_config": {"hidden_size": 64, "hidden_act": "gelu"}, "text_config_dict": {"hidden_size": 32}}""");
        Assert.Equal((32, ClipActivation.QuickGelu), (config.Text.Tower.HiddenSize, config.Text.Tower.Activation));
    }

    [Fact]
    public void ToJson_ThenRead_SameConfig()
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), TinyClip.Config.ToJson());
        Assert.Equal(TinyClip.Config, ClipConfig.Read(_folder));
    }

    [Theory]
    [InlineData("""{"model_type": "blip"}""", "'model_type' is 'blip'", "'clip'")]
    [InlineData("""{"text_config": {"hidden_act": "relu6"}}""", "'text_config.hidden_act' is 'relu6'", "'quick_gelu', 'gelu'")]
    [InlineData("""{"vision_config": {"num_attention_heads": 5}}""", "'vision_config.hidden_size'", "found 768")]
    [InlineData("""{"vision_config": {"hidden_size": 100}}""", "'vision_config.hidden_size' is '100'", "multiples of 'num_attention_heads', which is 12")]
    [InlineData("""{"vision_config": {"patch_size": 300}}""", "'vision_config.patch_size' is '300'", "224")]
    [InlineData("""{"vision_config": {"num_channels": 4}}""", "'vision_config.num_channels' is '4'", "3")]
    [InlineData("""{"projection_dim": 0}""", "'projection_dim' is '0'", "at least 1")]
    [InlineData("""{"projection_dim": "many"}""", "'projection_dim' is 'many'", "an integer")]
    [InlineData("""{"text_config": [1]}""", "'text_config' is '[1]'", "an object")]
    [InlineData("{\"model_type\": \"\\ud800\"}", "not Unicode", "surrogate")]
    [InlineData("""[1]""", "root", "configuration")]
    [InlineData("{\n\"model_type\": }", "line 2", "JSON")]
    public void Read_NotImplemented_NamesFileKeyValueAndChoices(string json, string found, string implemented)
    {
        var e = Assert.Throws<ModelFileException>(() => Read(json));
        Assert.Equal(Path.Combine(_folder, "config.json"), e.Path);
        Assert.Contains(found, e.Message);
        Assert.Contains(implemented, e.Message);
    }

    private ClipConfig Read(string json)
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), json);
        return ClipConfig.Read(_folder);
    }
}
