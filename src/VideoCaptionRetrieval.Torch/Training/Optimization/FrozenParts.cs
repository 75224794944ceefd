using System.Globalization;
using System.Text.RegularExpressions;
using VideoCaptionRetrieval.Torch.DualEncoders;

namespace VideoCaptionRetrieval.Torch.Training.Optimization;

/// <summary>Which parts of a dual encoder keep their weights.</summary>
/// <param name="Vision">The vision tower and its projection.</param>
/// <param name="Text">The text tower, its projection, and what else reads texts.</param>
/// <param name="VisionLayers">The embeddings and so many first layers of the vision tower; 0 = none.</param>
/// <param name="TextLayers">The same of the text tower.</param>
/// <param name="Scale">The logit scale.</param>
internal sealed partial record FrozenParts(bool Vision, bool Text, int VisionLayers, int TextLayers, bool Scale)
{
    private static readonly string[] VisionNames = ["vision_model.", "visual_projection.", "vision_proj."];

    /// <summary>Takes the gradients from the frozen parameters.</summary>
    internal void Apply(DualEncoderModel model)
    {
        foreach (var (name, parameter) in model.named_parameters()) parameter.requires_grad = !Holds(name);
    }

    private bool Holds(string name) => name == "logit_scale"
        ? Scale
        : VisionNames.Any(part => name.StartsWith(part, StringComparison.Ordinal))
            ? Vision || IsBelow(name, VisionLayers)
            : Text || IsBelow(name, TextLayers);

    private static bool IsBelow(string name, int layers)
    {
        if (layers == 0) return false;
        return Layer().Match(name) is { Success: true } match
            ? int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) < layers
            : Embeddings().IsMatch(name);
    }

    /// <summary>A parameter of a layer of a tower (CLIP: layers; BLIP's text: layer).</summary>
    [GeneratedRegex(@"^(vision_model|text_model|text_encoder)\.encoder\.layers?\.(?<number>\d+)\.", RegexOptions.ExplicitCapture)]
    private static partial Regex Layer();

    /// <summary>A parameter below the first layer.</summary>
    [GeneratedRegex(@"^(vision_model|text_model|text_encoder)\.(embeddings|pre_layrnorm)\.", RegexOptions.ExplicitCapture)]
    private static partial Regex Embeddings();
}
