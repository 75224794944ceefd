namespace VideoCaptionRetrieval.Batching;

/// <summary>Sizes of windows.</summary>
internal static class MicroBatch
{
    /// <summary>Rows that hold about <paramref name="images"/> images, at least one row.</summary>
    internal static int Rows(int images, int imagesPerRow) => Math.Max(1, images / Math.Max(1, imagesPerRow));
}
