using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Clip;

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
        var (config, normal) = (model.Config, new NormalNumbers((ulong)seed));
        var factor = config.InitializerFactor;
        model.logit_scale.fill_(config.LogitScaleInit);

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

    private static void FillStack(ClipEncoderStack stack, ClipTowerConfig config, double factor, NormalNumbers normal)
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

    private static void FillLinear(ClipLinear linear, double deviation, NormalNumbers normal)
    {
        normal.Fill(linear.weight, deviation);
        linear.bias!.zero_();
    }

    private static void FillNorm(ClipNorm norm)
    {
        norm.weight.fill_(1);
        norm.bias.zero_();
    }

    /// <summary>Normal numbers by Marsaglia's polar method over SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).</summary>
    private sealed class NormalNumbers(ulong state)
    {
        internal void Fill(Parameter parameter, double deviation)
        {
            var values = MemoryMarshal.Cast<byte, float>(parameter.bytes);
            for (var i = 0; i < values.Length; i += 2)
            {
                var (first, second) = Pair();
                values[i] = (float)(first * deviation);
                if (i + 1 < values.Length) values[i + 1] = (float)(second * deviation);
            }
        }

        private (double First, double Second) Pair()
        {
            while (true)
            {
                var (u, v) = (Uniform(), Uniform());
                var square = u * u + v * v;
                if (square is >= 1 or 0) continue;
                var scale = Math.Sqrt(-2 * Math.Log(square) / square);
                return (u * scale, v * scale);
            }
        }

        /// <summary>In [−1, 1).</summary>
        private double Uniform()
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 11) * (2.0 / (1UL << 53)) - 1;
        }
    }
}
