using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Checkpoints.Formats;
using VideoCaptionRetrieval.Models.Checkpoints.Pickle;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Clip.Graphs;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>Layouts of published CLIP checkpoints.</summary>
internal enum ClipFormat
{
    /// <summary>transformers: config.json, and weights in one file or several.</summary>
    HuggingFace,

    /// <summary>open_clip: open_clip_config.json and weights, possibly a training checkpoint.</summary>
    OpenClip,

    /// <summary>OpenAI: one file, TorchScript or a state dict, whose tensors tell the sizes.</summary>
    OpenAI,

    /// <summary>config.json and exported graphs without separate weights: for inference only.</summary>
    Onnx,
}

/// <summary>The files of a CLIP checkpoint, found from its folder or from its file of weights.</summary>
/// <param name="Format">Published layout.</param>
/// <param name="Folder">The folder with configuration and tokenizer.</param>
/// <param name="Weights">Path of the weights, or of the index of several files.</param>
/// <param name="IsFile">Whether the caller named the file of weights, not the folder.</param>
internal sealed record ClipLayout(ClipFormat Format, string Folder, string Weights, bool IsFile)
{
    /// <summary>Names of open_clip's weights, in its order.</summary>
    private static readonly string[] OpenClipWeights =
        ["open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "open_clip_pytorch_model.bin", "open_clip_pytorch_model.pth"];

    /// <summary>Finds the files of a checkpoint.</summary>
    /// <exception cref="ModelFileException">The path does not exist, or holds no CLIP; the message lists what was found.</exception>
    internal static ClipLayout Detect(string path)
    {
        if (TryDetect(path) is { } layout) return layout;
        if (!File.Exists(path)) throw Missing(path);
        using var file = WeightsFormats.Open(path);
        throw new ModelFileException(path,
            $"the file is no CLIP with a vision transformer, which has tensors named 'vision_model.…' (Hugging Face) or "
            + $"'visual.…' (OpenAI, open_clip); found '{string.Join("', '", file.Entries.Keys.Order(StringComparer.Ordinal).Take(5))}'.");
    }

    /// <summary>As <see cref="Detect"/>; null where the path does not exist, or holds no CLIP.</summary>
    internal static ClipLayout? TryDetect(string path) =>
        File.Exists(path) ? DetectFile(path) : Directory.Exists(path) ? DetectFolder(path) : null;

    /// <summary>Creates the error for a folder that lacks files.</summary>
    internal static ModelFileException Missing(string path)
    {
        const string Needed = $"needed are '{CheckpointFiles.Configuration}', '{CheckpointFiles.Weights}', {ClipTokenizerFiles.Needed}: a CLIP "
            + $"checkpoint in Hugging Face layout; or 'onnx/text_model.onnx' and 'onnx/vision_model.onnx' instead of the weights; or weights of "
            + $"open_clip with '{OpenClipConfig.FileName}', or one file of OpenAI's, with the same tokenizer files";
        if (!Directory.Exists(path)) return new(path, $"the folder does not exist; {Needed}; {MissingModel.Advice}");
        var found = Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList();
        return new(path, $"{Needed}; found {(found.Count == 0 ? "nothing" : $"'{string.Join("', '", found)}'")}; {MissingModel.Advice}");
    }

    private static ClipLayout? DetectFolder(string folder)
    {
        var (transformers, openClip) = (Has(folder, CheckpointFiles.Configuration), Has(folder, OpenClipConfig.FileName));
        if (transformers && CheckpointFiles.FindWeights(folder) is { } weights) return new(ClipFormat.HuggingFace, folder, weights, IsFile: false);
        if (openClip && (CheckpointFiles.First(folder, OpenClipWeights) ?? CheckpointFiles.OnlyLoose(folder)) is { } published)
            return new(ClipFormat.OpenClip, folder, published, IsFile: false);
        if (transformers && OnnxGraphFiles.Find(folder) is { } graphs) return new(ClipFormat.Onnx, folder, graphs.Vision, IsFile: false);
        return !transformers && !openClip && CheckpointFiles.OnlyLoose(folder) is { } only && DetectFile(only) is { } file
            ? file with { Folder = folder, IsFile = false }
            : null;
    }

    private static ClipLayout? DetectFile(string path)
    {
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        using var file = WeightsFormats.Open(path);
        if (file.Entries.Keys.Any(ClipWeightNames.IsHuggingFace))
        {
            return Has(folder, CheckpointFiles.Configuration)
                ? new(ClipFormat.HuggingFace, folder, path, IsFile: true)
                : throw new ModelFileException(
                    Path.Combine(folder, CheckpointFiles.Configuration), $"the file does not exist; it must lie beside '{path}'.");
        }
        if (!file.Entries.Keys.Any(ClipWeightNames.IsOpenAI)) return null;
        var (scripted, wrapped) = file is TorchFile torch ? (torch.Scripted, torch.Wrapped) : (false, false);
        if (!scripted && Has(folder, OpenClipConfig.FileName)) return new(ClipFormat.OpenClip, folder, path, IsFile: true);
        // Only open_clip writes such files, and they do not tell the activation.
        if (wrapped || OpenClipWeights.Contains(Path.GetFileName(path)))
        {
            throw new ModelFileException(Path.Combine(folder, OpenClipConfig.FileName),
                $"the file does not exist; '{path}' is a checkpoint of open_clip, whose sizes and activation it tells.");
        }
        return new(ClipFormat.OpenAI, folder, path, IsFile: true);
    }

    private static bool Has(string folder, string name) => File.Exists(Path.Combine(folder, name));
}
