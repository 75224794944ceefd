using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Models.Gpt2;
using VideoCaptionRetrieval.Models.Native;

namespace VideoCaptionRetrieval.Models.Inspection;

/// <summary>Describes a ClipCap checkpoint; its CLIP is looked at by itself.</summary>
internal static class ClipCapInspection
{
    internal static CheckpointReport Of(string folder)
    {
        var gpt2 = Path.Combine(folder, ClipCapCheckpoint.Gpt2Name);
        var config = Gpt2Config.Read(gpt2);
        using var weights = WeightsFormats.Open(ClipCapCheckpoint.FindWeights(folder)!);
        var layout = ClipCapLayout.Of(weights, config.HiddenSize);
        var check = TensorCheck.Of(weights, Expected(config, layout), ClipCapModel.Masks);
        KeyValuePair<string, object>[] facts =
        [
            new("mapper", $"{layout.Kind}"), new("image embedding", layout.ClipSize), new("prefix", layout.PrefixLength),
            new("vocabulary", config.VocabularySize), new("text layers", config.Layers), new("text width", config.HiddenSize),
        ];
        return new(folder, "ClipCap captioner", "original", facts,
            CheckpointInspection.Sizes(folder, Directory.EnumerateFiles(folder).Concat(Directory.EnumerateFiles(gpt2))), weights.Entries.Count,
            CheckpointInspection.Elements(weights), check.Missing, check.Unexpected, check.Wrong);
    }

    private static Dictionary<string, long[]> Expected(Gpt2Config config, ClipCapLayout layout)
    {
        TorchRuntime.EnsureLoaded();
        using var model = new ClipCapModel(config, layout);
        return model.named_parameters().ToDictionary(named => named.name, named => named.parameter.shape, StringComparer.Ordinal);
    }
}
