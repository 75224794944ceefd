using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Layers;

/// <summary>A table of vectors, one for each id or position.</summary>
/// <remarks>
/// TorchSharp's own layers initialise themselves at random, which costs seconds for a large model and is overwritten by the checkpoint.
/// These allocate only; a model's initialisation or ModuleLoading fills them. Field names are those of Hugging Face state dicts.
/// </remarks>
internal sealed class Embedding : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [rows, width]

    internal Embedding(long rows, long width) : base(nameof(Embedding))
    {
        weight = UninitializedParameter.Empty(rows, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) =>
        weight.index_select(0, input.flatten()).view([.. input.shape, weight.shape[1]]);
}
