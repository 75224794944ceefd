using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.DualEncoders;

/// <summary>
/// A network in libtorch whose image tower and text tower embed into one space, as training uses it. Thread-safe for inference (no_grad is
/// per thread). The caller owns and disposes it.
/// </summary>
internal abstract class DualEncoderModel(string name) : nn.Module(name)
{
    /// <summary>[], ln of the factor on cosines.</summary>
    internal abstract Parameter LogScale { get; }

    /// <summary>Length D of an embedding.</summary>
    internal abstract int Dimension { get; }

    /// <summary>About how many bytes an image takes between its forward and its backward pass, in float32.</summary>
    internal abstract long ImageActivationBytes { get; }

    /// <summary>[B, 3, S, S] normalised pixels → [B, D], projected and not normalised.</summary>
    internal abstract Tensor EncodeImages(Tensor pixelValues);

    /// <summary>[B, T] ids, T up to the context length → [B, D], projected and not normalised.</summary>
    internal abstract Tensor EncodeTexts(Tensor ids);
}

/// <summary>About how much memory a transformer keeps of an item between its forward and its backward pass.</summary>
internal static class ActivationEstimate
{
    /// <summary>
    /// Numbers of width W that a layer keeps of each token: both norms 2, attention's input, queries, keys, values and output 5, the
    /// feed-forward part's input, 4 W before and after its activation, and its output 10, sums 2: 19, and as much again for what an allocator
    /// holds ready. ViT-B/16 took 0.16 GiB an image on a CPU and 0.27 on a GPU, all in all (bench/README.md); this gives 0.30.
    /// </summary>
    private const double PerToken = 2 * 19;

    /// <summary>Attention weights before and after softmax.</summary>
    private const double AttentionMaps = 2;

    /// <summary>Bytes of an item in float32.</summary>
    /// <param name="tokens">T.</param>
    /// <param name="width">W.</param>
    /// <param name="layers">Layers.</param>
    /// <param name="heads">Attention heads.</param>
    internal static long Bytes(int tokens, int width, int layers, int heads) =>
        (long)(sizeof(float) * (double)layers * tokens * ((PerToken * width) + (AttentionMaps * heads * tokens)));
}
