using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Patches, class token and positions. Field names are those of the Hugging Face state dict.</summary>
internal sealed class BlipVisionEmbeddings : nn.Module<Tensor, Tensor>
{
    private readonly Parameter class_embedding;
    private readonly Parameter position_embedding;
    private readonly Conv2d patch_embedding;

    internal BlipVisionEmbeddings(BlipVisionConfig config) : base(nameof(BlipVisionEmbeddings))
    {
        class_embedding = nn.Parameter(empty(1, 1, config.HiddenSize));
        position_embedding = nn.Parameter(empty(1, config.Positions, config.HiddenSize));
        patch_embedding = nn.Conv2d(3, config.HiddenSize, kernel_size: config.PatchSize, stride: config.PatchSize);
        RegisterComponents();
    }

    public override Tensor forward(Tensor pixelValues)
    {
        using var scope = NewDisposeScope();
        var patches = patch_embedding.forward(pixelValues).flatten(2).transpose(1, 2);      // (B, P, D)
        var first = class_embedding.expand(pixelValues.shape[0], 1, -1);                    // (B, 1, D)
        return (cat([first, patches], 1) + position_embedding).MoveToOuterDisposeScope();
    }
}
