using VideoCaptionRetrieval.Models.Clip;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Training;

/// <summary>CLIP's parameters by what they do: a pretrained tower, a projection and the scale bear different learning rates.</summary>
internal static class ClipParameterGroups
{
    internal static ParameterGroup[] Of(ClipModel model, double towers, double projections, double scale) =>
    [
        new(towers, [.. model.text_model.parameters(), .. model.vision_model.parameters()]),
        new(projections, [.. model.text_projection.parameters(), .. model.visual_projection.parameters()]),
        new(scale, [model.logit_scale]),
    ];
}
