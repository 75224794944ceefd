using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>A table of vectors, left unset until it is loaded or initialised, as in <see cref="BlipLinear"/>.</summary>
internal sealed class BlipEmbedding : nn.Module<Tensor, Tensor>
{
    // The field name is the name of the Hugging Face state dict.
    private readonly Parameter weight;

    internal BlipEmbedding(long entries, long size) : base(nameof(BlipEmbedding))
    {
        weight = nn.Parameter(empty(entries, size));
        RegisterComponents();
    }

    internal Parameter Table => weight;

    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return weight.index_select(0, ids.flatten()).view([.. ids.shape, weight.shape[1]]).MoveToOuterDisposeScope();
    }
}
