using TorchSharp.Modules;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Gpt2;

/// <summary>x·W + b with the weight the other way round than elsewhere: GPT-2's "Conv1D".</summary>
internal sealed class Gpt2Linear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;      // [in, out]
    private readonly Parameter bias;        // [out]

    internal Gpt2Linear(long inputs, long outputs) : base(nameof(Gpt2Linear))
    {
        weight = UninitializedParameter.Empty(inputs, outputs);
        bias = UninitializedParameter.Empty(outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var transposed = weight.t();
        return nn.functional.linear(input, transposed, bias);
    }
}
