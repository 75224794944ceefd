using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.DualEncoders;

/// <summary>
/// A network in libtorch whose image tower and text tower embed into one space, as training uses it. Thread-safe for inference (no_grad is
/// per thread). The caller owns and disposes it.
/// </summary>
public abstract class DualEncoderModel(string name) : nn.Module(name)
{
    /// <summary>[], ln of the factor on cosines.</summary>
    public abstract Parameter LogScale { get; }

    /// <summary>Length D of an embedding.</summary>
    internal abstract int Dimension { get; }

    /// <summary>Estimated activation memory of an image between forward and backward pass in bytes, in float32.</summary>
    internal abstract long ImageActivationBytes { get; }

    /// <summary>Embeds normalised pixels [B, 3, S, S] as [B, D], projected and not normalised.</summary>
    public abstract Tensor EncodeImages(Tensor pixelValues);

    /// <summary>Embeds ids [B, T], T up to the context length, as [B, D], projected and not normalised.</summary>
    public abstract Tensor EncodeTexts(Tensor ids);
}

/// <summary>Estimates the activation memory that a transformer keeps of an item between forward and backward pass.</summary>
internal static class ActivationEstimate
{
    /// <summary>
    /// Vectors of width W that a layer keeps of each token: both norms 2, attention's input, queries, keys, values and output 5, the MLP's input,
    /// 4 W before and after its activation, and its output 10, sums 2: 19, and as much again for memory that an allocator reserves. ViT-B/16
    /// took 0.16 GiB an image on a CPU and 0.27 on a GPU in total (bench/README.md); this gives 0.30.
    /// </summary>
    private const double PerToken = 2 * 19;

    /// <summary>Attention weights before and after softmax.</summary>
    private const double AttentionMaps = 2;

    /// <summary>Estimates the bytes of an item in float32.</summary>
    /// <param name="tokens">Number of tokens of the item.</param>
    /// <param name="width">Width W of a token's state.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="heads">Number of attention heads.</param>
    internal static long Bytes(int tokens, int width, int layers, int heads) =>
        (long)(sizeof(float) * (double)layers * tokens * ((PerToken * width) + (AttentionMaps * heads * tokens)));
}
