using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Imaging;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>Images as the networks take them, by the same arithmetic as when they are used.</summary>
internal static class PixelValues
{
    /// <summary>[K, 3, S, S] of the K images.</summary>
    internal static Tensor Of(ImageSet images, ReadOnlySpan<int> which)
    {
        var bytes = new byte[which.Length * images.ImageBytes];
        for (var i = 0; i < which.Length; i++) images.Image(which[i]).CopyTo(bytes.AsSpan(i * images.ImageBytes));
        var values = empty(which.Length, 3, images.Size, images.Size);
        new ImagePreprocessing(new(images.Size)).Normalise(bytes, which.Length, MemoryMarshal.Cast<byte, float>(values.bytes));
        return values;
    }
}
