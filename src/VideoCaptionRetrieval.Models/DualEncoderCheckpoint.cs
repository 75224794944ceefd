using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Onnx;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models;

/// <summary>
/// A checkpoint of a dual encoder: what it is and where it lies. Opening it reads configuration and tables; weights are read when a network is
/// made of it. Immutable and thread-safe.
/// </summary>
internal abstract class DualEncoderCheckpoint
{
    /// <summary>The path as the caller gave it.</summary>
    internal abstract string Path { get; }

    /// <summary>The folder with configuration and tokenizer.</summary>
    internal abstract string Folder { get; }

    /// <summary>Length D of an embedding.</summary>
    internal abstract int Dimension { get; }

    /// <summary>What is done to an image before the network sees it.</summary>
    internal abstract ImagePreprocessing Preprocessing { get; }

    /// <summary>All files that it is made of; the folder may hold others.</summary>
    internal abstract IEnumerable<string> Files { get; }

    /// <summary>Opens a checkpoint of the kind that is found: BLIP for retrieval, or CLIP in any published format.</summary>
    /// <param name="path">A folder, or a file of CLIP weights whose configuration and tokenizer lie beside it.</param>
    /// <param name="imageSize">Width and height of images in pixels, for which positions are interpolated; null = the checkpoint's.</param>
    /// <exception cref="ModelFileException">
    /// A file is missing or damaged, or is another network; the message says what was found and what is expected.
    /// </exception>
    internal static DualEncoderCheckpoint OpenAny(string path, int? imageSize = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return BlipCheckpoint.IsRetrieval(path) ? BlipRetrievalCheckpoint.Open(path, imageSize) : ClipCheckpoint.Open(path, imageSize);
    }

    /// <summary>Loads the text side that <see cref="ExtractText"/> wrote; the caller disposes it.</summary>
    /// <exception cref="ModelFileException">A file is missing, damaged, or asks for something not implemented.</exception>
    internal static ITextEncoder LoadText(string folder, InferenceOptions? options = null) =>
        VisionConfig.IsBlip(folder) ? BlipTextEncoder.Load(folder) : ClipTextEncoder.Load(folder, options);

    /// <summary>Loads the network in libtorch, for training. The caller disposes it.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged, or the files do not fit each other.</exception>
    internal abstract TorchDualEncoder LoadForTraining(Device device);

    /// <summary>Opens the network for inference. The caller disposes it.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged, or the files do not fit each other.</exception>
    /// <exception cref="InvalidOperationException">The GPU, or the precision, cannot be had.</exception>
    internal abstract IDualEncoder OpenForInference(InferenceOptions options, InferenceDevice device);

    /// <summary>Writes Hugging Face layout: configuration, model.safetensors, tokenizer files, preprocessor_config.json.</summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    internal abstract void ExportSafetensors(string folder);

    /// <summary>Writes the same files around ONNX graphs of both towers.</summary>
    /// <exception cref="ModelFileException">There is no export of this kind.</exception>
    /// <inheritdoc cref="ExportSafetensors"/>
    internal abstract void ExportOnnx(string folder);

    /// <summary>Writes what a saved model holds: all that <see cref="OpenForInference"/> and training need.</summary>
    /// <inheritdoc cref="ExportSafetensors"/>
    internal abstract void SaveForInference(string folder);

    /// <summary>Copies what <see cref="LoadText"/> needs into a folder.</summary>
    /// <exception cref="ModelFileException">The checkpoint is incomplete or damaged.</exception>
    internal abstract void ExtractText(string folder);
}
