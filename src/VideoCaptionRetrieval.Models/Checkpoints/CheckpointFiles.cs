namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Names and finds the files of checkpoints.</summary>
public static class CheckpointFiles
{
    /// <summary>config.json.</summary>
    public const string Configuration = "config.json";

    /// <summary>Weights in Hugging Face layout: model.safetensors.</summary>
    public const string Weights = "model.safetensors";

    /// <summary>preprocessor_config.json.</summary>
    public const string Preprocessor = "preprocessor_config.json";

    /// <summary>processor_config.json, which transformers 5 writes in its place, with the same settings under 'image_processor'.</summary>
    internal const string Processor = "processor_config.json";
    internal const string Generation = "generation_config.json";

    /// <summary>Names of weights in Hugging Face layout, in the order of transformers.</summary>
    private static readonly string[] HuggingFaceWeights =
        [Weights, "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];

    private static readonly string[] LooseEndings = [".pt", ".pth", ".bin", ".ckpt", ".safetensors"];

    /// <summary>Finds the weights of a folder in Hugging Face layout; null where there are none.</summary>
    internal static string? FindWeights(string folder) => First(folder, HuggingFaceWeights);

    /// <summary>Lists the files in a folder that may hold weights, by extension, in ordinal order.</summary>
    internal static IEnumerable<string> Loose(string folder) => Directory.EnumerateFiles(folder)
        .Where(file => LooseEndings.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal);

    /// <summary>Finds the only file in a folder that may hold weights; null where there are none or several.</summary>
    internal static string? OnlyLoose(string folder) => Loose(folder).Take(2).ToList() is [var only] ? only : null;

    /// <summary>Finds the first of these files that a folder has; null where it has none.</summary>
    internal static string? First(string folder, IEnumerable<string> names) =>
        names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
