using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Clip.Configuration;

/// <summary>Sizes of one transformer tower.</summary>
/// <param name="HiddenSize">Width.</param>
/// <param name="IntermediateSize">Width inside the MLP.</param>
/// <param name="Layers">Number of blocks.</param>
/// <param name="Heads">Attention heads; divides the width.</param>
/// <param name="Activation">The MLP's activation.</param>
/// <param name="LayerNormEpsilon">Added to the variance in every norm.</param>
/// <param name="InitializerRange">Standard deviation of freshly initialised patch and position tables (image tower).</param>
internal sealed record ClipTowerConfig(
    int HiddenSize, int IntermediateSize, int Layers, int Heads,
    ClipActivation Activation = ClipActivation.QuickGelu, double LayerNormEpsilon = 1e-5, double InitializerRange = 0.02)
{
    /// <summary>Far above every model, so that a damaged configuration costs no memory.</summary>
    internal const int MostLayers = 10_000;

    /// <summary>Reads the keys that both towers have; <paramref name="missing"/> holds the class defaults.</summary>
    internal static ClipTowerConfig Read(ConfigurationSection section, ClipTowerConfig missing)
    {
        var tower = new ClipTowerConfig(
            section.Integer("hidden_size", missing.HiddenSize),
            section.Integer("intermediate_size", missing.IntermediateSize),
            section.Integer("num_hidden_layers", missing.Layers, maximum: MostLayers),
            section.Integer("num_attention_heads", missing.Heads),
            section.Choice("hidden_act", ClipActivations.NameOf(missing.Activation), ClipActivations.ByName),
            section.Number("layer_norm_eps", missing.LayerNormEpsilon),
            section.Number("initializer_range", missing.InitializerRange));
        if (tower.HiddenSize % tower.Heads == 0) return tower;
        throw section.Unexpected("hidden_size", $"multiples of 'num_attention_heads', which is {tower.Heads} (found {tower.HiddenSize})");
    }

    internal JsonObject ToJson() => new()
    {
        ["hidden_size"] = HiddenSize,
        ["intermediate_size"] = IntermediateSize,
        ["num_hidden_layers"] = Layers,
        ["num_attention_heads"] = Heads,
        ["hidden_act"] = ClipActivations.NameOf(Activation),
        ["layer_norm_eps"] = LayerNormEpsilon,
        ["initializer_range"] = InitializerRange,
    };
}
