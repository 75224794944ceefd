namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>Square RGB images.</summary>
/// <param name="Pixels">[Count, Size, Size, 3], row by row.</param>
/// <param name="Size">Width and height in pixels.</param>
internal sealed record ImageSet(byte[] Pixels, int Size)
{
    internal int ImageBytes => 3 * Size * Size;

    internal int Count => Pixels.Length / ImageBytes;

    /// <summary>[Size, Size, 3].</summary>
    internal ReadOnlySpan<byte> Image(int i) => Pixels.AsSpan(checked(i * ImageBytes), ImageBytes);
}
