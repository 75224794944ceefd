using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Layers;

/// <summary>Layer normalisation over the last dimension.</summary>
/// <remarks>
/// TorchSharp's own layers initialise themselves at random, which costs seconds for a large model and is overwritten by the checkpoint.
/// These allocate only; a model's initialisation or ModuleLoading fills them. Field names are those of Hugging Face state dicts.
/// </remarks>
internal sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight, bias;
    private readonly double _epsilon;

    internal LayerNorm(long size, double epsilon) : base(nameof(LayerNorm))
    {
        _epsilon = epsilon;
        weight = UninitializedParameter.Empty(size);
        bias = UninitializedParameter.Empty(size);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, weight.shape, weight, bias, _epsilon);
}
