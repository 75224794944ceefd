using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Clip;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Clip;

public sealed class ClipCheckpointTests : IDisposable
{
    private readonly ClipFormatFolder _clip = new();

    public void Dispose() => _clip.Dispose();

    public static TheoryData<string, ClipFormatName> Formats => new()
    {
        { "hf-zip", ClipFormatName.HuggingFace }, { "hf-legacy", ClipFormatName.HuggingFace }, { "hf-sharded", ClipFormatName.HuggingFace },
        { "hf-sharded-zip", ClipFormatName.HuggingFace }, { "hf-safetensors-named-bin", ClipFormatName.HuggingFace },
        { "hf-pickle-named-safetensors", ClipFormatName.HuggingFace }, { "open_clip-safetensors", ClipFormatName.OpenClip },
        { "open_clip-zip", ClipFormatName.OpenClip }, { "open_clip-training", ClipFormatName.OpenClip },
        { "openai-script", ClipFormatName.OpenAI }, { "openai-state", ClipFormatName.OpenAI },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Load_EveryFormat_SameWeightsAndSavedAgainComplete(string format, ClipFormatName expected)
    {
        var file = _clip.Write(format);
        var openClip = expected == ClipFormatName.OpenClip;
        foreach (var path in new[] { _clip.Folder, file })
        {
            var checkpoint = ClipCheckpoint.Open(path);
            Assert.Equal(expected.ToString(), checkpoint.Format.ToString());
            Assert.Equal(openClip ? ClipActivation.Gelu : ClipActivation.QuickGelu, checkpoint.Config.Text.Tower.Activation);
            Assert.Equal(new FrameFormat(24), CheckpointFormats.ReadPreprocessing(path).Format);
            Assert.Equal(openClip ? [0.5, 0.25, 0.125] : ImagePreprocessing.ClipMean, checkpoint.Preprocessing.Mean);
            Assert.Contains(file, checkpoint.Files);
            Assert.All(checkpoint.Files, name => Assert.True(File.Exists(name)));
            using var encoder = TorchClipEncoder.Load(path);
            AssertSame(_clip.Weights, encoder.Model);
        }
        AssertSavedAgain(file);
    }

    private void AssertSavedAgain(string file)
    {
        using var encoder = TorchClipEncoder.Load(file);
        encoder.Save(_clip.Sibling("saved"));
        using var again = TorchClipEncoder.Load(_clip.Sibling("saved"));
        AssertSame(_clip.Weights, again.Model);
        Assert.Equal(encoder.Model.Config, again.Model.Config);
        Assert.Equal(encoder.Preprocessing.Format, again.Preprocessing.Format);
        Assert.Equal(encoder.Preprocessing.Mean, again.Preprocessing.Mean);
        Assert.Equal(encoder.Preprocessing.StandardDeviation, again.Preprocessing.StandardDeviation);
        Assert.Equal(["config.json", "merges.txt", "model.safetensors", "preprocessor_config.json", "vocab.json"],
            Directory.GetFiles(_clip.Sibling("saved")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Open_ShardedFolder_FilesAreIndexAndShards()
    {
        _clip.Write("hf-sharded");
        Assert.Equal(["config.json", "merges.txt", "model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors",
            "model.safetensors.index.json", "vocab.json"], ClipCheckpoint.Open(_clip.Folder).Files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("float16")]
    [InlineData("bfloat16")]
    public void Load_HalfPrecisionOfOpenAI_UpcastExactly(string type)
    {
        var half = _clip.AsOpenAI().ToDictionary(named => named.Key, named => named.Value.to(type == "float16" ? ScalarType.Float16 : ScalarType.BFloat16));
        TorchWriter.StateDict(_clip.File("ViT.pt"), half);
        using var encoder = TorchClipEncoder.Load(_clip.Folder);
        var expected = _clip.Weights.ToDictionary(named => named.Key, named => named.Value.to(half["logit_scale"].dtype).to(ScalarType.Float32));
        AssertSame(expected, encoder.Model);
    }

    [Fact]
    public void Open_QuickGeluOfOpenClip_ByFlagOrName()
    {
        _clip.Write("open_clip-zip");
        foreach (var set in new Action<JsonObject>[] { json => json["model_cfg"]!["quick_gelu"] = true, json => json["model_name"] = "ViT-B-32-quickgelu" })
        {
            var json = _clip.OpenClipJson();
            set(json);
            File.WriteAllText(_clip.File("open_clip_config.json"), json.ToJsonString());
            var config = ClipCheckpoint.Open(_clip.Folder).Config;
            Assert.Equal((ClipActivation.QuickGelu, ClipActivation.QuickGelu), (config.Text.Tower.Activation, config.Vision.Tower.Activation));
        }
    }

    [Fact]
    public void Open_OtherImageSize_InterpolatesAndSavesIt()
    {
        _clip.Write("hf-zip");
        var pixels = rand(2, 3, 40, 40);
        using var noGradient = no_grad();
        using var own = TorchClipEncoder.Load(_clip.Folder);
        using var resized = TorchClipEncoder.Load(ClipCheckpoint.Open(_clip.Folder, imageSize: 40));
        Assert.Equal(new FrameFormat(40), resized.FrameFormat);
        Assert.True(own.Model.EncodeImages(pixels, interpolatePositions: true).allclose(resized.Model.EncodeImages(pixels), rtol: 1e-4, atol: 1e-5));
        resized.Save(_clip.Sibling("saved"));
        using var again = TorchClipEncoder.Load(_clip.Sibling("saved"));
        Assert.Equal(new FrameFormat(40), again.FrameFormat);
        AssertSame(resized.Model.named_parameters().ToDictionary(named => named.name, named => (Tensor)named.parameter), again.Model);
        Assert.Throws<ArgumentOutOfRangeException>(() => ClipCheckpoint.Open(_clip.Folder, imageSize: 7));
    }

    private static void AssertSame(Dictionary<string, Tensor> expected, ClipModel model)
    {
        var got = model.named_parameters().ToDictionary(named => named.name, named => named.parameter);
        Assert.Equal(expected.Keys.Order(), got.Keys.Order());
        foreach (var (name, tensor) in expected) Assert.True(tensor.bytes.SequenceEqual(got[name].detach().bytes), name);
    }

    /// <summary>Names of formats that a public test method may take.</summary>
    public enum ClipFormatName { HuggingFace, OpenClip, OpenAI }
}
