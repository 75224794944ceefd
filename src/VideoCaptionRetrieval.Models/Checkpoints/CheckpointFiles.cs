namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Names of the files of checkpoints.</summary>
internal static class CheckpointFiles
{
    internal const string Configuration = "config.json";
    internal const string Weights = "model.safetensors";
    internal const string Preprocessor = "preprocessor_config.json";
    internal const string Generation = "generation_config.json";

    /// <summary>Weights in Hugging Face layout, in the order in which transformers looks for them.</summary>
    private static readonly string[] HuggingFaceWeights =
        [Weights, "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];

    private static readonly string[] LooseEndings = [".pt", ".pth", ".bin", ".ckpt", ".safetensors"];

    /// <summary>The weights of a folder in Hugging Face layout; null where there are none.</summary>
    internal static string? FindWeights(string folder) => First(folder, HuggingFaceWeights);

    /// <summary>The files in a folder that may hold weights, by their endings, in ordinal order.</summary>
    internal static IEnumerable<string> Loose(string folder) => Directory.EnumerateFiles(folder)
        .Where(file => LooseEndings.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal);

    /// <summary>The only file in a folder that may hold weights; null where there are none or several.</summary>
    internal static string? OnlyLoose(string folder) => Loose(folder).Take(2).ToList() is [var only] ? only : null;

    /// <summary>The first of these files that a folder has.</summary>
    internal static string? First(string folder, IEnumerable<string> names) =>
        names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
