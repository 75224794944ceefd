using TorchSharp;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>
/// Fills a BLIP network of any task: normal weights with the configured deviation, norms 1, biases 0, and the configured scale. The numbers
/// are drawn here, not by libtorch, whose generators differ between processors.
/// </summary>
internal static class BlipInitialisation
{
    internal static void Fill(nn.Module model, BlipConfig config, int seed)
    {
        using var noGradient = no_grad();
        using Scalar logScale = config.LogScale;
        var normal = new GaussianSampler((ulong)seed);
        foreach (var (name, parameter) in model.named_parameters().OrderBy(named => named.name, StringComparer.Ordinal))
        {
            if (name == BlipWeightNames.LogScale) parameter.fill_(logScale);
            else if (name.EndsWith("bias", StringComparison.Ordinal)) parameter.zero_();
            else if (parameter.dim() == 1) nn.init.ones_(parameter);
            else normal.Fill(parameter, config.InitializerRange);
        }
    }
}
