using TorchSharp.Modules;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.DualEncoders;

/// <summary>
/// The network of an image tower and a text tower that embed into one space, in libtorch: what training needs of it. Thread-safe for
/// inference (no_grad is per thread); whoever creates it disposes it.
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
