using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Clip;

/// <summary>Computes the activations of an MLP.</summary>
internal static class ClipActivationFunctions
{
    internal static Tensor Apply(this ClipActivation activation, Tensor x) => activation switch
    {
        ClipActivation.QuickGelu => x * sigmoid(x.Times(1.702)),     // 1.702 from Hendrycks & Gimpel, arXiv 1606.08415
        ClipActivation.Gelu => nn.functional.gelu(x),
        _ => GeluTanh(x),
    };

    private static Tensor GeluTanh(Tensor x) =>
        x.Times(0.5) * tanh(x.Plus((x * x * x).Times(0.044715)).Times(Math.Sqrt(2 / Math.PI))).Plus(1);
}
