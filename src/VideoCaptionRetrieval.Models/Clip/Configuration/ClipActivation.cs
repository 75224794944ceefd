namespace VideoCaptionRetrieval.Models.Clip.Configuration;

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
}
