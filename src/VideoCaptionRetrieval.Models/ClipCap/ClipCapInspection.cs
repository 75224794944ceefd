using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Checkpoints.Formats;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Gpt2;

namespace VideoCaptionRetrieval.Models.ClipCap;

/// <summary>Describes a ClipCap checkpoint; its CLIP is looked at by itself.</summary>
internal static class ClipCapInspection
{
    internal static CheckpointReport Inspect(ClipCapCheckpoint checkpoint)
    {
        var config = Gpt2Config.Read(checkpoint.Gpt2Folder);
        using var weights = WeightsFormats.Open(checkpoint.WeightsPath);
        var layout = ClipCapLayout.Of(weights, config.HiddenSize);
        var check = TensorCheck.Of(weights, ClipCapTensors.Of(config, layout), ClipCapTensors.Masks);
        KeyValuePair<string, object>[] facts =
        [
            new("mapper", $"{layout.Kind}"), new("image embedding", layout.ClipSize), new("prefix", layout.PrefixLength),
            new("vocabulary", config.VocabularySize), new("text layers", config.Layers), new("text width", config.HiddenSize),
        ];
        var files = Directory.EnumerateFiles(checkpoint.Path).Concat(Directory.EnumerateFiles(checkpoint.Gpt2Folder));
        return new(checkpoint.Path, checkpoint.Family, "original", facts, CheckpointReport.Sizes(checkpoint.Path, files), weights.Entries.Count,
            CheckpointReport.CountByType(weights), check.Missing, check.Unexpected, check.Wrong);
    }
}
