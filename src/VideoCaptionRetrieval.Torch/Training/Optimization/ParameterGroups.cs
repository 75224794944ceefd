using VideoCaptionRetrieval.Torch.DualEncoders;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training.Optimization;

/// <summary>
/// A dual encoder's parameters by what they do: a pretrained tower, a projection (or the head over a tower) and the scale bear different
/// learning rates. Frozen ones are left out.
/// </summary>
internal static class ParameterGroups
{
    private const string Scale = "logit_scale";
    private static readonly string[] Projections = ["visual_projection.", "text_projection.", "vision_proj.", "text_proj.", "itm_head."];

    /// <param name="model">The network.</param>
    /// <param name="towers">Learning rate of the towers.</param>
    /// <param name="projections">Learning rate of the projections.</param>
    /// <param name="scale">Learning rate of the logit scale.</param>
    /// <param name="weightDecay">Weight decay of everything but biases, norms and the scale.</param>
    internal static ParameterGroup[] Of(DualEncoderModel model, double towers, double projections, double scale, double weightDecay = 0)
    {
        double Rate(string name) => name == Scale
            ? scale
            : Projections.Any(part => name.StartsWith(part, StringComparison.Ordinal)) ? projections : towers;
        return [.. model.named_parameters().Where(named => named.parameter.requires_grad)
            .GroupBy(named => (Rate: Rate(named.name), Decay: Decays(named.name) ? weightDecay : 0))
            .Select(group => new ParameterGroup(group.Key.Rate, [.. group.Select(named => (Tensor)named.parameter)], group.Key.Decay))];
    }

    /// <summary>As CLIP and CLIP4Clip were trained: embeddings decay. (The published name of one norm is 'pre_layrnorm'.)</summary>
    private static bool Decays(string name) => name != Scale
        && !name.EndsWith(".bias", StringComparison.Ordinal) && !name.Contains("norm", StringComparison.OrdinalIgnoreCase);
}
