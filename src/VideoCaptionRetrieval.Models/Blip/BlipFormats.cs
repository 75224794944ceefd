using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Checkpoints.Formats;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>The checkpoint families of BLIP, one for each task, in Hugging Face layout or the authors'.</summary>
internal static class BlipFormats
{
    internal const string RetrievalFamily = "BLIP for retrieval";
    internal const string CaptioningFamily = "BLIP captioner";

    internal static CheckpointFormat Retrieval { get; } = new(RetrievalFamily, typeof(BlipRetrievalCheckpoint), IsRetrieval,
        (path, options) => new BlipRetrievalCheckpoint(BlipCheckpoint.Open(path, BlipTask.Retrieval, options.ImageSize)))
    {
        MatchesText = VisionConfig.IsBlip,
        OpenText = (folder, _) => TorchBackend.Require(folder, RetrievalFamily).OpenText(folder),
    };

    internal static CheckpointFormat Captioning { get; } = new(CaptioningFamily, typeof(BlipCaptionerCheckpoint), IsCaptioner,
        (path, options) => options.Clip is null
            ? new BlipCaptionerCheckpoint(BlipCheckpoint.Open(path))
            : throw CaptionerCheckpoint.TakesNoClip(path, CaptioningFamily, options.Clip))
    {
        ReadPreprocessing = path => VisionConfig.IsBlip(path) ? PreprocessorConfig.Read(path) : BlipCheckpoint.Open(path).Preprocessing,
    };

    private static bool IsRetrieval(string path)
    {
        if (WordPieceFiles.Find(path) is null) return false;
        if ((CheckpointFiles.FindWeights(path) ?? CheckpointFiles.OnlyLoose(path)) is not { } file) return false;
        using var weights = WeightsFormats.Open(file);
        return BlipWeightNames.Serve(weights.Entries.Keys, BlipTask.Retrieval)
            && (VisionConfig.IsBlip(path) || BlipCheckpoint.IsOriginal(weights, BlipTask.Retrieval));
    }

    private static bool IsCaptioner(string path)
    {
        if (!Directory.Exists(path)) return false;
        if (VisionConfig.IsBlip(path)) return true;
        if (CheckpointFiles.OnlyLoose(path) is not { } file) return false;
        using var weights = WeightsFormats.Open(file);
        return BlipCheckpoint.IsOriginal(weights);
    }
}

/// <summary>A BLIP checkpoint for captioning; its network runs in libtorch.</summary>
/// <inheritdoc cref="CaptionerCheckpoint"/>
public sealed class BlipCaptionerCheckpoint(BlipCheckpoint source) : CaptionerCheckpoint
{
    /// <summary>The files and configuration, opened for captioning.</summary>
    public BlipCheckpoint Source => source;

    /// <inheritdoc/>
    public override string Path => source.Folder;

    /// <inheritdoc/>
    public override string Family => BlipFormats.CaptioningFamily;

    internal override CheckpointCapabilities Capabilities => CheckpointCapabilities.Caption;

    /// <inheritdoc/>
    public override ImagePreprocessing Preprocessing => source.Preprocessing;

    /// <inheritdoc/>
    public override IEnumerable<string> Files => source.Files;

    /// <inheritdoc/>
    public override GenerationOptions DefaultGeneration => new();

    internal override CheckpointReport Inspect() => BlipInspection.Inspect(source);

    private protected override GenerativeCaptioner OpenNetwork(GenerationOptions options, InferenceDevice device, int batchSize) =>
        GenerativeCaptioner.Create(TorchBackend.Require(Path, Family).OpenCaptionNetwork(this, device), options, "blip", Files, batchSize);
}

/// <summary>A BLIP checkpoint for retrieval; its network runs in libtorch, for inference too.</summary>
/// <inheritdoc cref="DualEncoderCheckpoint"/>
public sealed class BlipRetrievalCheckpoint(BlipCheckpoint source) : DualEncoderCheckpoint
{
    /// <summary>The files and configuration, opened for retrieval.</summary>
    public BlipCheckpoint Source => source;

    /// <inheritdoc/>
    public override string Path => source.Folder;

    /// <inheritdoc/>
    public override string Folder => source.Folder;

    /// <inheritdoc/>
    public override string Family => BlipFormats.RetrievalFamily;

    internal override CheckpointCapabilities Capabilities =>
        CheckpointCapabilities.EmbedText | CheckpointCapabilities.EmbedImage | CheckpointCapabilities.Train | CheckpointCapabilities.Match;

    /// <inheritdoc/>
    public override int Dimension => source.Config.ProjectionSize;

    /// <inheritdoc/>
    public override ImagePreprocessing Preprocessing => source.Preprocessing;

    /// <inheritdoc/>
    public override IEnumerable<string> Files => source.Files;

    internal override CheckpointReport Inspect() => BlipInspection.Inspect(source);

    /// <inheritdoc/>
    public override IDualEncoder OpenForInference(InferenceOptions options, InferenceDevice device) => options.Precision == InferencePrecision.Full
        ? Torch.OpenDualEncoder(this, device)
        : throw new InvalidOperationException($"'{Path}' is a BLIP, which computes in libtorch; {nameof(InferenceOptions.Precision)} is "
            + $"'{options.Precision}', expected '{InferencePrecision.Full}'.");

    /// <inheritdoc/>
    public override void ExportSafetensors(string folder) => Torch.ExportDualEncoder(this, folder);

    /// <inheritdoc/>
    public override void ExportOnnx(string folder) => throw new ModelFileException(Path,
        "it is a BLIP, of which no ONNX graphs are made; export its weights (safetensors), or take a CLIP.");

    /// <inheritdoc/>
    public override void SaveForInference(string folder) => ExportSafetensors(folder);

    /// <summary>Copies configuration, tokenizer files, and the weights of the text encoder and its projection.</summary>
    public override void ExtractText(string folder)
    {
        Directory.CreateDirectory(folder);
        source.Config.Write(folder, BlipTask.Retrieval);
        source.LoadTokenizer().Save(folder);
        using var weights = source.OpenWeights();
        var text = BlipTensors.ListText(source.Config);
        SafetensorsWriter.Copy(System.IO.Path.Combine(folder, CheckpointFiles.Weights), weights, weights.Entries.Keys.Where(text.ContainsKey));
    }

    private ITorchBackend Torch => TorchBackend.Require(Path, Family);
}
