using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Native;
using VideoCaptionRetrieval.Models.Onnx;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>A BLIP checkpoint for retrieval. Its network runs in libtorch, for inference too.</summary>
/// <inheritdoc cref="DualEncoderCheckpoint"/>
internal sealed class BlipRetrievalCheckpoint : DualEncoderCheckpoint
{
    private readonly BlipCheckpoint _checkpoint;

    private BlipRetrievalCheckpoint(BlipCheckpoint checkpoint) => _checkpoint = checkpoint;

    /// <inheritdoc/>
    internal override string Path => _checkpoint.Folder;

    /// <inheritdoc/>
    internal override string Folder => _checkpoint.Folder;

    /// <inheritdoc/>
    internal override int Dimension => _checkpoint.Config.ProjectionSize;

    /// <inheritdoc/>
    internal override ImagePreprocessing Preprocessing => _checkpoint.Preprocessing;

    /// <inheritdoc/>
    internal override IEnumerable<string> Files => _checkpoint.Files;

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="imageSize">Width and height of images in pixels, for which positions are interpolated; null = the checkpoint's.</param>
    /// <exception cref="ModelFileException">A file is missing or damaged, or is another network.</exception>
    internal static BlipRetrievalCheckpoint Open(string folder, int? imageSize = null) => new(BlipCheckpoint.Open(folder, BlipTask.Retrieval, imageSize));

    /// <inheritdoc/>
    internal override BlipEncoder LoadForTraining(Device device) => BlipEncoder.Load(_checkpoint, device);

    /// <inheritdoc/>
    internal override BlipEncoder OpenForInference(InferenceOptions options, InferenceDevice device) => options.Precision == InferencePrecision.Full
        ? BlipEncoder.Load(_checkpoint, TorchDevice.Of(device))
        : throw new InvalidOperationException($"'{Path}' is a BLIP, which computes in libtorch; {nameof(InferenceOptions.Precision)} is "
            + $"'{options.Precision}', expected '{InferencePrecision.Full}'.");

    /// <inheritdoc/>
    internal override void ExportSafetensors(string folder)
    {
        using var encoder = BlipEncoder.Load(_checkpoint);
        encoder.Save(folder);
    }

    /// <inheritdoc/>
    internal override void ExportOnnx(string folder) => throw new ModelFileException(Path,
        "it is a BLIP, of which no ONNX graphs are made; export its weights (safetensors), or take a CLIP.");

    /// <inheritdoc/>
    internal override void SaveForInference(string folder) => ExportSafetensors(folder);

    /// <inheritdoc/>
    internal override void ExtractText(string folder) => BlipTextEncoder.Extract(_checkpoint, folder);
}
