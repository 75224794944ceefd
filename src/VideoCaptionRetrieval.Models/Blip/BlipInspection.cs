using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Families;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Describes a BLIP checkpoint in any layout.</summary>
internal static class BlipInspection
{
    internal static CheckpointReport Inspect(BlipCheckpoint checkpoint)
    {
        var (config, frames, retrieval) = (checkpoint.Config, checkpoint.Preprocessing.Format, checkpoint.Task == BlipTask.Retrieval);
        using var weights = checkpoint.OpenWeights();
        var expected = retrieval
            ? BlipTensors.OfRetrieval(config)
            : BlipTensors.OfCaptioner(config, BlipHeadLayout.Of(weights, config.MayTieWordEmbeddings));
        var check = TensorCheck.Of(weights, expected, TensorCheck.PositionBuffers);
        KeyValuePair<string, object>[] facts =
        [
            new("image size", config.Vision.ImageSize), new("patch size", config.Vision.PatchSize),
            new("image layers", config.Vision.Layers), new("image width", config.Vision.HiddenSize),
            new("vocabulary", config.Text.VocabularySize), new("text layers", config.Text.Layers),
            new("text width", config.Text.HiddenSize), new("frames", $"{frames.Size} x {frames.Size}, {frames.Fit}"),
        ];
        return new(checkpoint.Folder, retrieval ? BlipFormats.RetrievalFamily : BlipFormats.CaptioningFamily,
            checkpoint.Format == BlipFormat.HuggingFace ? "Hugging Face" : "original", facts,
            CheckpointReport.Sizes(checkpoint.Folder, checkpoint.Files), weights.Entries.Count,
            CheckpointReport.CountByType(weights), check.Missing, check.Unexpected, check.Wrong);
    }
}
