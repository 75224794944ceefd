using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>The activation between the two linear layers of an MLP.</summary>
internal enum ClipActivation
{
    /// <summary>x·sigmoid(1.702 x), OpenAI's models.</summary>
    QuickGelu,

    /// <summary>The exact GELU, by erf.</summary>
    Gelu,

    /// <summary>GELU by tanh.</summary>
    GeluTanh,
}

/// <summary>Names and values of the activations.</summary>
internal static class ClipActivations
{
    /// <summary>By the name that config.json's hidden_act uses.</summary>
    internal static readonly IReadOnlyDictionary<string, ClipActivation> ByName =
        new Dictionary<string, ClipActivation>(StringComparer.Ordinal)
        {
            ["quick_gelu"] = ClipActivation.QuickGelu,
            ["gelu"] = ClipActivation.Gelu,
            ["gelu_new"] = ClipActivation.GeluTanh,
            ["gelu_pytorch_tanh"] = ClipActivation.GeluTanh,
        };

    internal static string NameOf(ClipActivation activation) => ByName.First(named => named.Value == activation).Key;

    internal static Tensor Apply(this ClipActivation activation, Tensor x) => activation switch
    {
        ClipActivation.QuickGelu => x * sigmoid(x.Times(1.702)),     // 1.702 from Hendrycks & Gimpel, arXiv 1606.08415
        ClipActivation.Gelu => nn.functional.gelu(x),
        _ => GeluTanh(x),
    };

    private static Tensor GeluTanh(Tensor x) =>
        x.Times(0.5) * tanh(x.Plus((x * x * x).Times(0.044715)).Times(Math.Sqrt(2 / Math.PI))).Plus(1);
}
