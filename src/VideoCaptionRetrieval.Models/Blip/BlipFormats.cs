using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Checkpoints.Formats;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>The two tasks of BLIP as families of checkpoints, in Hugging Face layout or the authors'.</summary>
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
        if (!File.Exists(Path.Combine(path, WordPieceFiles.Vocabulary))) return false;
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
