using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>A BLIP checkpoint for retrieval. Its network runs in libtorch, for inference too.</summary>
/// <inheritdoc cref="DualEncoderCheckpoint"/>
internal sealed class BlipRetrievalCheckpoint(BlipCheckpoint source) : DualEncoderCheckpoint
{
    /// <summary>The checkpoint, opened for retrieval.</summary>
    internal BlipCheckpoint Source => source;

    internal override string Path => source.Folder;

    internal override string Folder => source.Folder;

    internal override string Family => BlipFormats.RetrievalFamily;

    internal override CheckpointCapabilities Capabilities =>
        CheckpointCapabilities.EmbedText | CheckpointCapabilities.EmbedImage | CheckpointCapabilities.Train | CheckpointCapabilities.Match;

    internal override int Dimension => source.Config.ProjectionSize;

    internal override ImagePreprocessing Preprocessing => source.Preprocessing;

    internal override IEnumerable<string> Files => source.Files;

    internal override CheckpointReport Inspect() => BlipInspection.Inspect(source);

    internal override IDualEncoder OpenForInference(InferenceOptions options, InferenceDevice device) => options.Precision == InferencePrecision.Full
        ? Torch.OpenDualEncoder(this, device)
        : throw new InvalidOperationException($"'{Path}' is a BLIP, which computes in libtorch; {nameof(InferenceOptions.Precision)} is "
            + $"'{options.Precision}', expected '{InferencePrecision.Full}'.");

    internal override void ExportSafetensors(string folder) => Torch.ExportDualEncoder(this, folder);

    internal override void ExportOnnx(string folder) => throw new ModelFileException(Path,
        "it is a BLIP, of which no ONNX graphs are made; export its weights (safetensors), or take a CLIP.");

    internal override void SaveForInference(string folder) => ExportSafetensors(folder);

    /// <summary>Copies configuration, tokenizer files, and the weights of the text encoder and its projection.</summary>
    internal override void ExtractText(string folder)
    {
        Directory.CreateDirectory(folder);
        source.Config.Write(folder, BlipTask.Retrieval);
        source.LoadTokenizer().Save(folder);
        using var weights = source.OpenWeights();
        var text = BlipTensors.OfText(source.Config);
        SafetensorsWriter.Copy(System.IO.Path.Combine(folder, CheckpointFiles.Weights), weights, weights.Entries.Keys.Where(text.ContainsKey));
    }

    private ITorchBackend Torch => TorchBackend.Require(Path, Family);
}
