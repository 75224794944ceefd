using System.Globalization;
using System.Text.RegularExpressions;
using VideoCaptionRetrieval.Torch.DualEncoders;

namespace VideoCaptionRetrieval.Torch.Training.Optimization;

/// <summary>Freezes parts of a dual encoder: their parameters get no gradients and keep their values.</summary>
internal static partial class FrozenParts
{
    private static readonly string[] VisionNames = ["vision_model.", "visual_projection.", "vision_proj."];

    /// <summary>Sets for each parameter whether it is trained.</summary>
    /// <param name="model">The network.</param>
    /// <param name="freeze">Which parts are frozen.</param>
    /// <param name="logScale">Whether the logit scale is frozen, whatever <paramref name="freeze"/> says: where another one takes its place.</param>
    internal static void Freeze(DualEncoderModel model, TrainingFreezeOptions freeze, bool logScale = false)
    {
        bool IsFrozen(string name) => name == "logit_scale"
            ? logScale || freeze.LogitScale
            : VisionNames.Any(part => name.StartsWith(part, StringComparison.Ordinal))
                ? freeze.Vision || IsBelow(name, freeze.VisionLayers)
                : freeze.Text || IsBelow(name, freeze.TextLayers);
        foreach (var (name, parameter) in model.named_parameters()) parameter.requires_grad = !IsFrozen(name);
    }

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
