using TorchSharp;
using TorchSharp.Modules;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>
/// Weights that small networks learn fast from: norms 1 and 0, biases 0, tables of deviation 0.02, and matrices with the deviation of
/// PyTorch's linear layers, 1/√(3·inputs), far wider at these sizes than the published networks' 0.02.
/// </summary>
internal static class StartingWeights
{
    private const double TableDeviation = 0.02;

    /// <summary>Logits are cosines / 0.07 at first (CLIP, section 2.5).</summary>
    private const double Temperature = 0.07;

    /// <summary>GPT-2 stores its matrices as [inputs, outputs].</summary>
    private const string TransposedLayers = "gpt.transformer.h.";

    /// <summary>Fills a CLIP, a BLIP or a ClipCap; the same seed gives the same bits.</summary>
    internal static void Fill(nn.Module model, int seed)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Scalar logScale = Math.Log(1 / Temperature);
        var normal = new GaussianSampler((ulong)seed);
        foreach (var (name, parameter) in model.named_parameters().OrderBy(named => named.name, StringComparer.Ordinal))
        {
            if (parameter.dim() == 0) parameter.fill_(logScale);
            else if (name.EndsWith("bias", StringComparison.Ordinal)) parameter.zero_();
            else if (IsTable(name)) normal.Fill(parameter, TableDeviation);
            else if (parameter.dim() == 1) nn.init.ones_(parameter);
            else normal.Fill(parameter, 1 / Math.Sqrt(3.0 * Inputs(name, parameter)));
        }
    }

    private static bool IsTable(string name) => name.EndsWith(".wte.weight", StringComparison.Ordinal)
        || name.EndsWith(".wpe.weight", StringComparison.Ordinal) || name.EndsWith("class_embedding", StringComparison.Ordinal)
        || name.Contains("position_embedding", StringComparison.Ordinal) || name.Contains("token_embedding", StringComparison.Ordinal)
        || name.Contains("word_embeddings", StringComparison.Ordinal);

    private static long Inputs(string name, Parameter parameter) => name.StartsWith(TransposedLayers, StringComparison.Ordinal)
        ? parameter.shape[0]
        : parameter.numel() / parameter.shape[0];
}
