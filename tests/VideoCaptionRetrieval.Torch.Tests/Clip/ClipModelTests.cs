using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.TestSupport.Networks;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Clip;

public sealed class ClipModelTests
{
    public ClipModelTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public void Create_SameSeed_SameBitsOtherSeedOthers()
    {
        using var first = ClipModel.Create(TinyClip.Config, 7);
        using var second = ClipModel.Create(TinyClip.Config, 7);
        using var other = ClipModel.Create(TinyClip.Config, 8);
        Assert.Equal(Bytes(first), Bytes(second));
        Assert.NotEqual(Bytes(first), Bytes(other));
    }

    [Fact]
    public void Create_Deviations_AreTheReferences()
    {
        using var scope = NewDisposeScope();
        var config = TinyClip.Config with { Text = TinyClip.Config.Text with { Tower = new(64, 256, 4, 4) } };
        using var model = ClipModel.Create(config, 1);
        AssertDeviation(0.02, model.text_model.embeddings.token_embedding.weight);
        AssertDeviation(Math.Pow(64, -0.5) * Math.Pow(8, -0.5), model.text_model.encoder.layers[0].self_attn.q_proj.weight);
        AssertDeviation(Math.Pow(64, -0.5), model.text_model.encoder.layers[3].self_attn.out_proj.weight);
        AssertDeviation(Math.Pow(128, -0.5), model.text_model.encoder.layers[1].mlp.fc1.weight);
        Assert.Equal(2.6592f, model.logit_scale.item<float>());
        Assert.Equal(1, model.vision_model.pre_layrnorm.weight.min().item<float>());
        Assert.Equal(0, model.text_model.encoder.layers[2].mlp.fc1.bias!.abs().max().item<float>());
    }

    [Fact]
    public void Backward_BothTowers_EveryParameterHasAFiniteGradient()
    {
        using var scope = NewDisposeScope();
        using var model = ClipModel.Create(TinyClip.Config, 2);
        var images = model.EncodeImages(rand(2, 3, 16, 16));
        var texts = model.EncodeTexts(tensor(new long[,] { { 515, 3, 516 }, { 515, 516, 516 } }));
        var logits = images.matmul(texts.t()) * model.logit_scale.exp();
        (logits * logits).sum().backward();
        Assert.All(model.named_parameters(), named => Assert.True(named.parameter.grad?.isfinite().all().item<bool>(), named.name));
        Assert.True(model.text_model.embeddings.token_embedding.weight.grad![3].abs().sum().item<float>() > 0);
        Assert.Equal(0, model.text_model.embeddings.token_embedding.weight.grad![4].abs().sum().item<float>());
    }

    [Theory]
    [InlineData(2, 2)]      // the largest id is 400, at position 2
    [InlineData(300, 1)]    // the first of two ends
    public void EncodeTexts_EndOfText_ByTheConfiguredRule(int endOfText, int position)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = ClipModel.Create(TinyClip.Config with { Text = TinyClip.Config.Text with { EndOfTextId = endOfText } }, 3);
        var ids = tensor(new long[,] { { 1, 300, 400, 300 } });
        var expected = model.text_projection.forward(model.text_model.HiddenStates(ids).select(1, position));
        Assert.True(expected.allclose(model.EncodeTexts(ids)));
    }

    [Theory]
    [InlineData("QuickGelu", 0.8457957824f)]
    [InlineData("Gelu", 0.8413447461f)]
    [InlineData("GeluTanh", 0.8411919906f)]
    public void Apply_One_KnownValue(string activation, float expected)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected, Enum.Parse<ClipActivation>(activation).Apply(ones(1)).item<float>(), 1e-6f);
    }

    private static void AssertDeviation(double expected, Tensor weight) =>
        Assert.InRange(weight.std().item<float>(), expected * 0.9, expected * 1.1);

    private static byte[] Bytes(ClipModel model) =>
        [.. model.named_parameters().OrderBy(named => named.name, StringComparer.Ordinal).SelectMany(named => named.parameter.bytes.ToArray())];
}
