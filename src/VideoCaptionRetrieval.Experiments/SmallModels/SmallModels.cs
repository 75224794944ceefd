namespace VideoCaptionRetrieval.Experiments;

/// <summary>
/// Writes small CLIP and BLIP checkpoints with random weights, in the layout of the published ones. They make every step of the
/// chain run in seconds without a download; what they say about a picture means nothing.
/// </summary>
/// <remarks>The same seed gives the same bits. Thread-safe for different folders.</remarks>
public static class SmallModels
{
    /// <summary>Writes a CLIP checkpoint: 64-pixel images, 64-dimensional embeddings, 2 layers in each tower, about 1 MB.</summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <param name="seed">Seed of the weights.</param>
    public static void WriteClip(string folder, int seed) => SmallClip.Write(folder, seed);

    /// <summary>Writes a BLIP captioning checkpoint: 64-pixel images, 2 layers in each part, a vocabulary of about 100 words, about 1 MB.</summary>
    /// <param name="folder">Made where it does not exist; files of the same names are replaced.</param>
    /// <param name="seed">Seed of the weights.</param>
    public static void WriteBlip(string folder, int seed) => SmallBlip.Write(folder, seed);
}
