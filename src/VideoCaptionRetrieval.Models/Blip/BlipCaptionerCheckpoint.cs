using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>A BLIP checkpoint that writes captions, in libtorch.</summary>
/// <inheritdoc cref="CaptionerCheckpoint"/>
internal sealed class BlipCaptionerCheckpoint(BlipCheckpoint source) : CaptionerCheckpoint
{
    /// <summary>The checkpoint, opened for captioning.</summary>
    internal BlipCheckpoint Source => source;

    internal override string Path => source.Folder;

    internal override string Family => BlipFormats.CaptioningFamily;

    internal override CheckpointCapabilities Capabilities => CheckpointCapabilities.Caption;

    internal override ImagePreprocessing Preprocessing => source.Preprocessing;

    internal override IEnumerable<string> Files => source.Files;

    internal override GenerationOptions DefaultGeneration => new();

    internal override CheckpointReport Inspect() => BlipInspection.Inspect(source);

    private protected override GenerativeCaptioner OpenNetwork(GenerationOptions options, InferenceDevice device, int batchSize) =>
        CaptionerLoading.Create(TorchBackend.Require(Path, Family).OpenCaptionNetwork(this, device), options, "blip", Files, batchSize);
}
