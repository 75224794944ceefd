using TorchSharp;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Clip;

/// <summary>
/// Fills a model as transformers' CLIPModel initialises itself: norms 1 and 0, biases 0, normal weights whose deviation depends on
/// width and depth. The numbers are drawn here, not by libtorch, whose generators differ between processors.
/// </summary>
internal static class ClipInitialisation
{
    private const double TokenDeviation = 0.02;

    internal static void Fill(ClipModel model, int seed)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (config, normal) = (model.Config, new GaussianSampler((ulong)seed));
        var factor = config.InitializerFactor;
        using Scalar logScale = config.LogitScaleInit;
        model.logit_scale.fill_(logScale);

        var text = model.text_model;
        normal.Fill(text.embeddings.token_embedding.weight, TokenDeviation * factor);
        normal.Fill(text.embeddings.position_embedding.weight, TokenDeviation * factor);
        FillStack(text.encoder, config.Text.Tower, factor, normal);
        FillNorm(text.final_layer_norm);

        var (vision, tower) = (model.vision_model, config.Vision.Tower);
        normal.Fill(vision.embeddings.class_embedding, Math.Pow(tower.HiddenSize, -0.5) * factor);
        normal.Fill(vision.embeddings.patch_embedding.weight, tower.InitializerRange * factor);
        normal.Fill(vision.embeddings.position_embedding.weight, tower.InitializerRange * factor);
        FillNorm(vision.pre_layrnorm);
        FillStack(vision.encoder, tower, factor, normal);
        FillNorm(vision.post_layernorm);

        normal.Fill(model.visual_projection.weight, Math.Pow(tower.HiddenSize, -0.5) * factor);
        normal.Fill(model.text_projection.weight, Math.Pow(config.Text.Tower.HiddenSize, -0.5) * factor);
    }

    private static void FillStack(ClipEncoderStack stack, ClipTowerConfig config, double factor, GaussianSampler normal)
    {
        var outward = Math.Pow(config.HiddenSize, -0.5) * factor;
        var inward = outward * Math.Pow(2 * config.Layers, -0.5);
        foreach (var layer in stack.layers)
        {
            FillNorm(layer.layer_norm1);
            foreach (var projection in new[] { layer.self_attn.q_proj, layer.self_attn.k_proj, layer.self_attn.v_proj })
                FillLinear(projection, inward, normal);
            FillLinear(layer.self_attn.out_proj, outward, normal);
            FillNorm(layer.layer_norm2);
            FillLinear(layer.mlp.fc1, Math.Pow(2 * config.HiddenSize, -0.5) * factor, normal);
            FillLinear(layer.mlp.fc2, inward, normal);
        }
    }

    private static void FillLinear(BareLinear linear, double deviation, GaussianSampler normal)
    {
        normal.Fill(linear.weight, deviation);
        linear.bias!.zero_();
    }

    private static void FillNorm(BareNorm norm)
    {
        nn.init.ones_(norm.weight);
        norm.bias.zero_();
    }
}
