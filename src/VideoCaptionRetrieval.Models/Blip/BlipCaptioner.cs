using VideoCaptionRetrieval.Models.Captioners;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Opens captioners with BLIP checkpoints.</summary>
internal static class BlipCaptioner
{
    /// <summary>Opens a folder in Hugging Face layout, or with one of the authors' .pth files; see <see cref="BlipCheckpoint"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Decoding settings; later changes to the object have no effect.</param>
    /// <param name="device">Where the network runs; null = CPU.</param>
    /// <param name="batchSize">Images at once; captions do not depend on it.</param>
    /// <exception cref="ArgumentException">Options are out of range, or the checkpoint has no room for such long texts.</exception>
    /// <exception cref="ModelFileException">A file is missing or damaged, or holds something that is not implemented.</exception>
    internal static GenerativeCaptioner Load(
        string folder, GenerationOptions options, Device? device = null, int batchSize = GenerativeCaptioner.DefaultBatchSize)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var checkpoint = BlipCheckpoint.Open(folder);
        return CaptionerLoading.Create(new BlipNetwork(checkpoint, device), options, "blip", checkpoint.Files, batchSize);
    }
}
