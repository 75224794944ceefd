using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Models.Families;

/// <summary>What a checkpoint can be used for.</summary>
[Flags]
internal enum CheckpointCapabilities
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Embeds texts.</summary>
    EmbedText = 1,

    /// <summary>Embeds images into the space of the texts.</summary>
    EmbedImage = 2,

    /// <summary>Can be fine-tuned.</summary>
    Train = 4,

    /// <summary>Writes captions.</summary>
    Caption = 8,

    /// <summary>Scores whether a text and a video match, reading both together.</summary>
    Match = 16,
}

/// <summary>
/// A checkpoint of any family, opened but not loaded: configuration and tables are read, the weights only when a network is created. Immutable
/// and thread-safe.
/// </summary>
public abstract class Checkpoint
{
    /// <summary>The path as the caller gave it.</summary>
    public abstract string Path { get; }

    /// <summary>Name of the family, for messages: 'CLIP', 'BLIP captioner'.</summary>
    public abstract string Family { get; }

    /// <summary>What the checkpoint can do.</summary>
    internal abstract CheckpointCapabilities Capabilities { get; }

    /// <summary>The image preprocessing that the network was trained with.</summary>
    public abstract ImagePreprocessing Preprocessing { get; }

    /// <summary>Size, fit and crop rule of the frames it takes.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged.</exception>
    public FrameFormat FrameFormat => Preprocessing.Format;

    /// <summary>All files of the checkpoint; its folder may hold others.</summary>
    public abstract IEnumerable<string> Files { get; }

    /// <summary>Describes its content, and how that differs from what its configuration asks for.</summary>
    /// <exception cref="ModelFileException">A file is damaged, or the format names no tensors.</exception>
    internal abstract CheckpointReport Inspect();
}

/// <summary>A checkpoint whose image tower and text tower embed into one space.</summary>
public abstract class DualEncoderCheckpoint : Checkpoint
{
    /// <summary>The folder with configuration and tokenizer.</summary>
    public abstract string Folder { get; }

    /// <summary>Length D of an embedding.</summary>
    public abstract int Dimension { get; }

    /// <summary>Opens the network for inference. The caller owns and disposes it.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged, or the files do not fit each other.</exception>
    /// <exception cref="InvalidOperationException">The GPU, the precision, or libtorch where it is needed, is not available.</exception>
    public abstract IDualEncoder OpenForInference(InferenceOptions options, InferenceDevice device);

    /// <summary>Says how the network multiplies matrices of 8 bits on this processor; null where it computes in floating point.</summary>
    /// <param name="options">The options that the network is opened with.</param>
    /// <exception cref="ModelFileException">The checkpoint has no graphs with that precision.</exception>
    public virtual IntegerProducts? FindIntegerProducts(InferenceOptions options) => null;

    /// <summary>Writes Hugging Face layout: configuration, model.safetensors, tokenizer files, preprocessor_config.json.</summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    public abstract void ExportSafetensors(string folder);

    /// <summary>Writes the same files around ONNX graphs of both towers.</summary>
    /// <exception cref="ModelFileException">There is no export of this family.</exception>
    /// <inheritdoc cref="ExportSafetensors"/>
    public abstract void ExportOnnx(string folder);

    /// <summary>Writes the checkpoint as saved models hold it: all that <see cref="OpenForInference"/> and training need.</summary>
    /// <inheritdoc cref="ExportSafetensors"/>
    public abstract void SaveForInference(string folder);

    /// <summary>Copies only the text side into a folder, for searches.</summary>
    /// <exception cref="ModelFileException">The checkpoint is incomplete or damaged.</exception>
    public abstract void ExtractText(string folder);
}

/// <summary>A checkpoint that writes captions.</summary>
public abstract class CaptionerCheckpoint : Checkpoint
{
    /// <summary>The published decoding settings of the family.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged.</exception>
    public abstract GenerationOptions DefaultGeneration { get; }

    /// <summary>Loads the captioner; the caller owns and disposes it.</summary>
    /// <param name="options">Decoding settings; null = <see cref="DefaultGeneration"/>.</param>
    /// <param name="device">Where the network runs.</param>
    /// <param name="batchSize">Images per forward pass; captions do not depend on it.</param>
    /// <exception cref="ArgumentException">Options are out of range, or not for this family.</exception>
    /// <exception cref="ModelFileException">A file is missing or damaged, or the files do not fit each other.</exception>
    /// <exception cref="InvalidOperationException">The GPU, or libtorch where it is needed, is not available.</exception>
    public GenerativeCaptioner Load(
        GenerationOptions? options = null, InferenceDevice device = default, int batchSize = GenerativeCaptioner.DefaultBatchSize)
    {
        options ??= DefaultGeneration;
        options.Validate();
        return OpenNetwork(options, device, batchSize);
    }

    /// <summary>Creates the error for a family that takes no CLIP.</summary>
    internal static ModelFileException TakesNoClip(string path, string family, string clip) =>
        new(path, $"it is a {family}, which takes no CLIP; '{clip}' was given for it.");

    private protected abstract GenerativeCaptioner OpenNetwork(GenerationOptions options, InferenceDevice device, int batchSize);
}
