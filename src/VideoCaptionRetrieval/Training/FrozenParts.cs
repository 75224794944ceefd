using VideoCaptionRetrieval.Models.Clip;

namespace VideoCaptionRetrieval.Training;

/// <summary>Which parts of CLIP keep their weights.</summary>
/// <param name="Vision">The vision tower and its projection.</param>
/// <param name="Text">The text tower and its projection.</param>
/// <param name="VisionLayers">The embeddings and so many first layers of the vision tower; 0 = none.</param>
/// <param name="TextLayers">The same of the text tower.</param>
/// <param name="Scale">The logit scale.</param>
internal sealed record FrozenParts(bool Vision, bool Text, int VisionLayers, int TextLayers, bool Scale)
{
    /// <summary>Takes the gradients from the frozen parameters.</summary>
    internal void Apply(ClipModel model)
    {
        foreach (var (name, parameter) in model.named_parameters()) parameter.requires_grad = !Holds(name);
    }

    private bool Holds(string name) => name == "logit_scale"
        ? Scale
        : name.StartsWith("vision_model.", StringComparison.Ordinal) || name.StartsWith("visual_projection.", StringComparison.Ordinal)
            ? Vision || IsBelow(name, "vision_model.", VisionLayers)
            : Text || IsBelow(name, "text_model.", TextLayers);

    private static bool IsBelow(string name, string tower, int layers)
    {
        if (layers == 0) return false;
        var layer = tower + "encoder.layers.";
        if (name.StartsWith(layer, StringComparison.Ordinal)) return int.Parse(name[layer.Length..].Split('.')[0]) < layers;
        return name.StartsWith(tower + "embeddings.", StringComparison.Ordinal) || name.StartsWith(tower + "pre_layrnorm.", StringComparison.Ordinal);
    }
}
