using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Layers;

/// <summary>x·Wᵀ + b.</summary>
/// <remarks>
/// TorchSharp's own layers initialise themselves at random, which costs seconds for a large model and is overwritten by the checkpoint.
/// These allocate only; a model's initialisation or ModuleLoading fills them. Field names are those of Hugging Face state dicts.
/// </remarks>
internal sealed class Linear : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [out, in]
    internal readonly Parameter? bias;      // [out]

    internal Linear(long inputs, long outputs, bool hasBias = true) : base(nameof(Linear))
    {
        weight = UninitializedParameter.Empty(outputs, inputs);
        bias = hasBias ? UninitializedParameter.Empty(outputs) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => nn.functional.linear(input, weight, bias);
}
