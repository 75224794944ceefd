using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Families;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>Describes a CLIP checkpoint.</summary>
internal static class ClipInspection
{
    internal static CheckpointReport Inspect(ClipCheckpoint checkpoint)
    {
        using var weights = checkpoint.Format == ClipFormat.Onnx ? null : checkpoint.OpenWeights();
        var check = weights is null ? null : TensorCheck.Compare(weights, ClipTensors.List(checkpoint.Config), TensorCheck.PositionBuffers);
        return new(checkpoint.Path, checkpoint.Family, FormatOf(checkpoint), [.. Facts(checkpoint)],
            CheckpointReport.Sizes(checkpoint.Folder, checkpoint.Files), weights?.Entries.Count,
            weights is null ? [] : CheckpointReport.CountByType(weights),
            check?.Missing ?? [], check?.Unexpected ?? [], check?.Wrong ?? []);
    }

    private static string FormatOf(ClipCheckpoint checkpoint) => checkpoint.Format switch
    {
        ClipFormat.HuggingFace => "Hugging Face",
        ClipFormat.OpenClip => "open_clip",
        ClipFormat.OpenAI => "OpenAI",
        _ => "ONNX",
    };

    private static IEnumerable<KeyValuePair<string, object>> Facts(ClipCheckpoint checkpoint)
    {
        var (config, frames) = (checkpoint.Config, checkpoint.Preprocessing.Format);
        yield return new("embedding", config.ProjectionSize);
        yield return new("image size", config.Vision.ImageSize);
        yield return new("patch size", config.Vision.PatchSize);
        foreach (var fact in Tower("image", config.Vision.Tower)) yield return fact;
        yield return new("context length", config.Text.ContextLength);
        yield return new("vocabulary", config.Text.VocabularySize);
        foreach (var fact in Tower("text", config.Text.Tower)) yield return fact;
        var rounding = frames.Fit == FrameFit.CenterCrop ? $", {frames.CropRule} rounding" : "";
        yield return new("frames", $"{frames.Size} x {frames.Size}, {frames.Fit}{rounding}, {frames.Filter}");
        yield return new("largest token id", checkpoint.LoadTokenizer().LargestId);
    }

    private static IEnumerable<KeyValuePair<string, object>> Tower(string name, ClipTowerConfig tower) =>
    [
        new($"{name} layers", tower.Layers), new($"{name} width", tower.HiddenSize), new($"{name} heads", tower.Heads),
        new($"{name} activation", ClipActivations.NameOf(tower.Activation)),
    ];
}
