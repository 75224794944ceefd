using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Inspection;

/// <summary>Describes a BLIP checkpoint in any layout.</summary>
internal static class BlipInspection
{
    internal static CheckpointReport Of(string folder, BlipTask task)
    {
        var checkpoint = BlipCheckpoint.Open(folder, task);
        var (config, frames) = (checkpoint.Config, checkpoint.Preprocessing.Format);
        using var weights = checkpoint.OpenWeights();
        var check = TensorCheck.Of(weights, Expected(config, weights, task), ModuleLoading.PositionBuffers);
        KeyValuePair<string, object>[] facts =
        [
            new("image size", config.Vision.ImageSize), new("patch size", config.Vision.PatchSize),
            new("image layers", config.Vision.Layers), new("image width", config.Vision.HiddenSize),
            new("vocabulary", config.Text.VocabularySize), new("text layers", config.Text.Layers),
            new("text width", config.Text.HiddenSize), new("frames", $"{frames.Size} x {frames.Size}, {frames.Fit}"),
        ];
        return new(folder, task == BlipTask.Retrieval ? "BLIP for retrieval" : "BLIP captioner", checkpoint.Format == BlipFormat.HuggingFace ? "Hugging Face" : "original", facts,
            CheckpointInspection.Sizes(folder, checkpoint.Files), weights.Entries.Count,
            CheckpointInspection.Elements(weights), check.Missing, check.Unexpected, check.Wrong);
    }

    private static Dictionary<string, long[]> Expected(BlipConfig config, WeightsFile weights, BlipTask task)
    {
        TorchRuntime.EnsureLoaded();
        using nn.Module model = task == BlipTask.Retrieval
            ? new BlipRetrievalModel(config)
            : new BlipModel(config, BlipHeadLayout.Of(weights, config.MayTieWordEmbeddings));
        return model.named_parameters().ToDictionary(named => named.name, named => named.parameter.shape, StringComparer.Ordinal);
    }
}
