using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Layers;

/// <summary>x·Wᵀ + b.</summary>
/// <remarks>
/// TorchSharp's own layers initialise themselves at random, which costs seconds for a large model and is overwritten by the checkpoint.
/// These allocate only; a model's initialisation or ModuleLoading fills them. Field names are those of Hugging Face state dicts.
/// </remarks>
internal sealed class BareLinear : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight;     // [out, in]
    internal readonly Parameter? bias;      // [out]

    internal BareLinear(long inputs, long outputs, bool hasBias = true) : base(nameof(BareLinear))
    {
        weight = BareParameter.Empty(outputs, inputs);
        bias = hasBias ? BareParameter.Empty(outputs) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => nn.functional.linear(input, weight, bias);
}
