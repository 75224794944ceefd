using VideoCaptionRetrieval.Torch.DualEncoders;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>How many images go through the network at once, where nobody said so.</summary>
internal static class ChunkChoice
{
    /// <summary>Larger chunks are hardly faster, on a CPU or a GPU.</summary>
    internal const int Largest = MultiCaptionRetrievalOptions.DefaultChunkSize;

    /// <summary>Gradient and Adam's two moments, in float32, which are not there yet.</summary>
    private const int BytesPerParameter = 12;

    /// <summary>The largest power of two, up to <see cref="Largest"/>, with which gradients, moments and activations fit.</summary>
    /// <param name="parameters">Numbers in the network.</param>
    /// <param name="imageBytes">What an image takes between its passes.</param>
    /// <param name="freeBytes">Memory that may be taken; null = not known.</param>
    internal static int Of(long parameters, long imageBytes, long? freeBytes)
    {
        if (freeBytes is not { } free) return Largest;
        var left = free - (parameters * BytesPerParameter);
        var chunk = Largest;
        while (chunk > 1 && chunk * imageBytes > left) chunk /= 2;
        return chunk;
    }

    /// <summary>The same for a network where it is.</summary>
    internal static int Of(TorchDualEncoder encoder) =>
        Of(encoder.Model.parameters().Sum(parameter => parameter.numel()), encoder.Model.ImageActivationBytes, FreeMemory.On(encoder.Device));
}
