using VideoCaptionRetrieval.Models.Blip;

namespace VideoCaptionRetrieval.Experiments;

/// <summary>
/// Writes small CLIP and BLIP checkpoints with random weights, in the layout of the published ones. They make every step of the
/// chain run in seconds without a download; what they say about a picture means nothing.
/// </summary>
/// <remarks>The same seed gives the same bits. Thread-safe for different folders.</remarks>
public static class SmallModels
{
    /// <summary>Width and height of the images of both networks, in pixels.</summary>
    public const int ImageSize = 64;

    /// <summary>Length D of the embeddings of CLIP, and of BLIP for retrieval.</summary>
    public const int Dimension = 64;

    /// <summary>
    /// Writes a CLIP checkpoint: 2 layers in each tower, about 1 MB, and a vocabulary of single bytes that reads any text.
    /// </summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    public static void WriteClip(string folder, int seed) => SmallClip.Write(folder, seed);

    /// <summary>Writes a BLIP captioning checkpoint: 2 layers in each part, a vocabulary of about 150 tokens, about 1 MB.</summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    public static void WriteBlip(string folder, int seed) => SmallBlip.Write(folder, seed, BlipTask.Captioning);

    /// <summary>Writes a BLIP checkpoint for retrieval: as <see cref="WriteBlip"/>, with embeddings and a head that says whether a picture and a text match.</summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    public static void WriteBlipRetrieval(string folder, int seed) => SmallBlip.Write(folder, seed, BlipTask.Retrieval);
}
