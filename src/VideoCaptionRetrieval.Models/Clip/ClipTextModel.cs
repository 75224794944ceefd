using VideoCaptionRetrieval.Models.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>The text tower with its projection; field names are Hugging Face's state-dict names, as in <see cref="ClipModel"/>.</summary>
internal sealed class ClipTextModel : nn.Module
{
    private readonly ClipTextTower text_model;
    private readonly BareLinear text_projection;

    internal ClipTextModel(ClipConfig config) : base(nameof(ClipTextModel))
    {
        text_model = new(config.Text);
        text_projection = new(config.Text.Tower.HiddenSize, config.ProjectionSize, hasBias: false);
        RegisterComponents();
    }

    /// <summary>Whether a tensor of a whole checkpoint belongs to the text side.</summary>
    internal static bool Owns(string name) =>
        name.StartsWith(nameof(text_model) + ".", StringComparison.Ordinal) || name.StartsWith(nameof(text_projection) + ".", StringComparison.Ordinal);

    /// <summary>[B, T] ids → [B, D], projected and not normalised.</summary>
    internal Tensor Forward(Tensor ids) => text_projection.forward(text_model.Forward(ids));
}
