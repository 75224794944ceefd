using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Clip;

/// <summary>CLIP in libtorch, with its tokenizer and image preprocessing.</summary>
/// <inheritdoc cref="TorchDualEncoder"/>
internal sealed class TorchClipEncoder : TorchDualEncoder
{
    private readonly IReadOnlyDictionary<string, byte[]> _processorFiles;

    private TorchClipEncoder(
        ClipModel model, ClipTokenizer tokenizer, ImagePreprocessing preprocessing, Device device, IReadOnlyDictionary<string, byte[]> processorFiles)
        : base(model, preprocessing, device) => (Model, Tokenizer, _processorFiles) = (model, tokenizer, processorFiles);

    /// <inheritdoc/>
    internal override ClipModel Model { get; }

    internal ClipTokenizer Tokenizer { get; }

    /// <summary>Loads a checkpoint in any published format.</summary>
    /// <param name="path">A folder, or a file of weights whose configuration and tokenizer lie beside it.</param>
    /// <param name="device">Device of the network; null = the CPU.</param>
    /// <param name="cleaning">Text cleaning.</param>
    /// <exception cref="ModelFileException">A file is missing, damaged, or asks for something not implemented.</exception>
    internal static TorchClipEncoder Load(string path, Device? device = null, TextCleaning cleaning = TextCleaning.OpenAI) =>
        Load(ClipCheckpoint.Open(path), device, cleaning);

    /// <summary>Loads an opened checkpoint, possibly with another image size than its own.</summary>
    /// <inheritdoc cref="Load(string, Device?, TextCleaning)"/>
    internal static TorchClipEncoder Load(ClipCheckpoint checkpoint, Device? device = null, TextCleaning cleaning = TextCleaning.OpenAI)
    {
        TorchRuntime.EnsureLoaded();
        var tokenizer = checkpoint.LoadTokenizer(cleaning);
        var processorFiles = checkpoint.ReadProcessorFiles();
        return new(ClipModel.Load(checkpoint), tokenizer, checkpoint.Preprocessing, device ?? CPU, processorFiles);
    }

    /// <inheritdoc/>
    internal override long[,] Tokenize(IReadOnlyList<string> texts) => Tokenizer.EncodeBatch(texts);

    /// <inheritdoc/>
    internal override bool IsCut(string text) => Tokenizer.IsCut(text);

    /// <inheritdoc/>
    internal override void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Model.Save(folder, _processorFiles);
    }

    /// <inheritdoc/>
    internal override void SaveForInference(string folder) => ClipExport.AddGraphs(() => Save(folder), folder);
}
