using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Blip;

public sealed class BlipCaptioningModelTests : IDisposable
{
    private const string Weight = "text_decoder.cls.predictions.decoder.weight";
    private const string DecoderBias = "text_decoder.cls.predictions.decoder.bias";
    private const string Bias = "text_decoder.cls.predictions.bias";
    private const string Words = "text_decoder.bert.embeddings.word_embeddings.weight";
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-blip-model-").FullName;

    public BlipCaptioningModelTests() => TinyBlip.Write(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string WeightsPath => Path.Combine(_folder, CheckpointFiles.Weights);

    [Fact]
    public void Create_SameSeedTwice_SameWeightsOtherSeedOthers()
    {
        using var scope = NewDisposeScope();
        using var first = BlipCaptioningModel.Create(TinyBlip.Config, 1);
        using var second = BlipCaptioningModel.Create(TinyBlip.Config, 1);
        using var third = BlipCaptioningModel.Create(TinyBlip.Config, 2);
        Assert.All(first.state_dict(), named => Assert.True(Same(named.Value, second.state_dict()[named.Key]), named.Key));
        Assert.False(Same(first.state_dict()[Words], third.state_dict()[Words]));
    }

    [Fact]
    public void SaveThenLoad_EveryTensor_SameBits()
    {
        using var scope = NewDisposeScope();
        using var created = BlipCaptioningModel.Create(TinyBlip.Config, 7);
        using var loaded = BlipCaptioningModel.Load(_folder);
        Assert.Equal(created.state_dict().Keys, loaded.state_dict().Keys);
        Assert.All(created.state_dict(), named => Assert.True(Same(named.Value, loaded.state_dict()[named.Key]), named.Key));
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Load_SixteenBitWeights_UpcastExactly(ScalarType type)
    {
        Rewrite(tensors => { foreach (var name in tensors.Keys.ToList()) tensors[name] = tensors[name].to(type); });
        using var scope = NewDisposeScope();
        using var file = new SafetensorsFile(WeightsPath);
        using var model = BlipCaptioningModel.Load(_folder);
        Assert.All(model.state_dict(), named =>
        {
            Assert.Equal(ScalarType.Float32, named.Value.dtype);
            Assert.True(Same(named.Value, file.Read(named.Key).to(ScalarType.Float32)), named.Key);
        });
    }

    [Fact]
    public void Load_NoDecoderWeight_WordEmbeddingsProject()
    {
        Rewrite(tensors => tensors[Weight] = tensors[Words].clone());
        using var scope = NewDisposeScope();
        using var stored = BlipCaptioningModel.Load(_folder);
        Rewrite(tensors => { tensors.Remove(Weight); tensors.Remove(DecoderBias); });
        using var tied = BlipCaptioningModel.Load(_folder);
        Assert.True(Same(Logits(stored), Logits(tied)));
        Assert.DoesNotContain(Weight, tied.state_dict().Keys);
    }

    [Fact]
    public void Load_NoDecoderWeightButTyingForbidden_NamesTensor()
    {
        Rewrite(tensors => tensors.Remove(Weight));
        var config = Path.Combine(_folder, CheckpointFiles.Configuration);
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"model_type\": \"blip\"", "\"tie_word_embeddings\": false, \"model_type\": \"blip\"", StringComparison.Ordinal));
        Assert.Contains(Weight, Assert.Throws<ModelFileException>(() => BlipCaptioningModel.Load(_folder)).Message);
    }

    [Theory]
    [InlineData(DecoderBias, 1)]
    [InlineData(Bias, 2)]
    public void Load_OneOfTheBiases_ThatOneCounts(string removed, float expected)
    {
        Rewrite(tensors =>
        {
            tensors[Bias] = ones_like(tensors[Bias]);
            tensors[DecoderBias] = ones_like(tensors[DecoderBias]).Times(2);
            tensors.Remove(removed);
        });
        using var scope = NewDisposeScope();
        using var model = BlipCaptioningModel.Load(_folder);
        var got = Logits(model);
        Rewrite(tensors => tensors[tensors.ContainsKey(Bias) ? Bias : DecoderBias].zero_());
        using var unbiased = BlipCaptioningModel.Load(_folder);
        Assert.True((got - Logits(unbiased)).allclose(tensor(expected), atol: 1e-4));
    }

    [Fact]
    public void Load_MissingTensor_NamesFileAndTensor()
    {
        const string name = "vision_model.encoder.layers.1.self_attn.qkv.weight";
        Rewrite(tensors => tensors.Remove(name));
        AssertRefused(name, "missing");
    }

    [Fact]
    public void Load_NoBiasAtAll_NamesTensor()
    {
        Rewrite(tensors => { tensors.Remove(Bias); tensors.Remove(DecoderBias); });
        AssertRefused(Bias, "missing");
    }

    [Fact]
    public void Load_WrongShape_NamesTensorAndBothShapes()
    {
        const string name = "text_decoder.bert.encoder.layer.0.crossattention.self.key.weight";
        Rewrite(tensors => tensors[name] = zeros(20, 20));
        AssertRefused(name, "[20, 20]", "[20, 24]");
    }

    [Fact]
    public void Load_UnknownTensor_NamesItButPositionIdsPass()
    {
        Rewrite(tensors => tensors["text_decoder.bert.embeddings.position_ids"] = TensorArithmetic.Indices(32, CPU).view(1, 32));
        BlipCaptioningModel.Load(_folder).Dispose();
        Rewrite(tensors => tensors["vision_model.gate"] = ones(1));
        AssertRefused("vision_model.gate");
    }

    [Fact]
    public void Load_FileCutOff_SaysSo()
    {
        File.WriteAllBytes(WeightsPath, File.ReadAllBytes(WeightsPath)[..^100]);
        AssertRefused("Download the file again");
    }

    [Fact]
    public void Load_InsideADisposeScope_OutlivesIt()
    {
        BlipCaptioningModel model;
        using (NewDisposeScope()) model = BlipCaptioningModel.Load(_folder);
        using var scope = NewDisposeScope();
        using (model) Assert.Equal(TinyBlip.Config.Text.VocabularySize, Logits(model).shape[^1]);
    }

    private static bool Same(Tensor left, Tensor right) => left.allclose(right, rtol: 0, atol: 0);

    private static Tensor Logits(BlipCaptioningModel model)
    {
        using var noGradient = no_grad();
        var pixels = linspace(-1, 1, 3 * TinyBlip.ImageSize * TinyBlip.ImageSize).view(1, 3, TinyBlip.ImageSize, TinyBlip.ImageSize);
        return model.Logits(tensor(new long[] { TinyBlip.Config.Text.StartId, 5, 6 }).view(1, 3), model.EncodeImages(pixels));
    }

    private void AssertRefused(params string[] parts)
    {
        var e = Assert.Throws<ModelFileException>(() => BlipCaptioningModel.Load(_folder));
        Assert.Equal(WeightsPath, e.Path);
        Assert.All(parts, part => Assert.Contains(part, e.Message));
    }

    private void Rewrite(Action<Dictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (var file = new SafetensorsFile(WeightsPath)) tensors = file.Entries.Keys.ToDictionary(name => name, file.Read);
        change(tensors);
        TorchWeights.Write(WeightsPath, tensors);
    }
}
