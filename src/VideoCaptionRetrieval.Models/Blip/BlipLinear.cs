using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>
/// A linear layer whose weights are left unset until they are loaded or initialised: the random initialisation of TorchSharp's own layer
/// costs seconds for a published BLIP and would be thrown away.
/// </summary>
internal sealed class BlipLinear : nn.Module<Tensor, Tensor>
{
    // Field names are the names of the Hugging Face state dict.
    private readonly Parameter weight;
    private readonly Parameter? bias;

    internal BlipLinear(long inputs, long outputs, bool hasBias = true) : base(nameof(BlipLinear))
    {
        weight = nn.Parameter(empty(outputs, inputs));
        if (hasBias) bias = nn.Parameter(empty(outputs));
        RegisterComponents();
    }

    internal Parameter? Bias => bias;

    public override Tensor forward(Tensor input) => nn.functional.linear(input, weight, bias);
}
