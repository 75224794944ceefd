using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.TestSupport.Networks;

namespace VideoCaptionRetrieval.Models.Tests.Blip;

public sealed class BlipConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-blip-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"model_type":"blip","text_config":{},"vision_config":null,"unknown":[1]}""")]
    public void Read_KeysLeftOut_ClassDefaultsOfTransformers(string json)
    {
        var config = Read(json);
        Assert.Equal((30524, 768, 3072, 12, 8, 512, 1e-12), (config.Text.VocabularySize, config.Text.HiddenSize, config.Text.IntermediateSize,
            config.Text.Layers, config.Text.Heads, config.Text.Positions, config.Text.LayerNormEpsilon));
        Assert.Equal((30522, 102, 0), (config.Text.StartId, config.Text.EndId, config.Text.PaddingId));
        Assert.Equal((768, 3072, 12, 12, 384, 16, 1e-5), (config.Vision.HiddenSize, config.Vision.IntermediateSize, config.Vision.Layers,
            config.Vision.Heads, config.Vision.ImageSize, config.Vision.PatchSize, config.Vision.LayerNormEpsilon));
        Assert.Equal(577, config.Vision.Positions);
    }

    [Theory]
    [InlineData("""{"model_type":"blip-2"}""", "model_type", "'blip-2'", "'blip'")]
    [InlineData("""{"text_config":{"hidden_act":"swish"}}""", "text_config.hidden_act", "'swish'", "'gelu'")]
    [InlineData("""{"vision_config":{"hidden_act":"quick_gelu"}}""", "vision_config.hidden_act", "'quick_gelu'", "'gelu'")]
    [InlineData("""{"text_config":{"position_embedding_type":"relative_key"}}""", "text_config.position_embedding_type", "'relative_key'", "'absolute'")]
    [InlineData("""{"text_config":{"num_attention_heads":7}}""", "text_config.num_attention_heads", "'7'", "'768'")]
    [InlineData("""{"vision_config":{"hidden_size":"wide"}}""", "vision_config.hidden_size", "'wide'", "integer")]
    [InlineData("""{"vision_config":{"num_hidden_layers":0}}""", "vision_config.num_hidden_layers", "'0'", "at least 1")]
    [InlineData("""{"vision_config":{"patch_size":500}}""", "vision_config.patch_size", "'500'", "'384'")]
    [InlineData("""{"text_config":{"sep_token_id":40000}}""", "text_config.sep_token_id", "'40000'", "'30524'")]
    [InlineData("""{"text_config":[]}""", "text_config", "[]", "object")]
    public void Read_NotImplementedValue_NamesFileKeyValueAndWhatIs(string json, string key, string found, string implemented)
    {
        var e = Assert.Throws<ModelFileException>(() => Read(json));
        Assert.Equal(Path.Combine(_folder, "config.json"), e.Path);
        Assert.All([key, found, implemented], part => Assert.Contains(part, e.Message));
    }

    [Fact]
    public void Read_NoFile_NamesIt() =>
        Assert.Contains("config.json", Assert.Throws<ModelFileException>(() => BlipConfig.Read(_folder)).Message);

    [Fact]
    public void WriteThenRead_EveryValue_Unchanged()
    {
        TinyBlip.Config.Write(_folder, BlipTask.Retrieval);
        Assert.Equal(TinyBlip.Config, BlipConfig.Read(_folder));
        TinyBlip.Config.Write(_folder, BlipTask.Captioning);
        Assert.Equal(TinyBlip.Config with { ProjectionSize = new BlipConfig().ProjectionSize }, BlipConfig.Read(_folder));
        Assert.Equal(["config.json"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    private BlipConfig Read(string json)
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), json);
        return BlipConfig.Read(_folder);
    }
}
