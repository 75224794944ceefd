using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>Tokenizer and image-preprocessing files of a CLIP checkpoint: what transformers calls its processor.</summary>
internal static class ClipProcessorFiles
{
    private static readonly string[] Tokenizer =
    [
        BytePairFiles.Vocabulary, BytePairFiles.Merges, ClipTokenizerFiles.LibraryFile, "tokenizer_config.json",
        "special_tokens_map.json", "added_tokens.json",
    ];

    /// <summary>Lists the paths of those that a folder has.</summary>
    internal static IEnumerable<string> Files(string folder) =>
        Tokenizer.Append(CheckpointFiles.Preprocessor).Append(ClipTokenizerFiles.OpenAIFile)
        .Select(name => Path.Combine(folder, name)).Where(File.Exists);

    /// <summary>
    /// Reads name and content of each for a folder in Hugging Face layout; those that the source lacks in that layout are generated.
    /// </summary>
    internal static IReadOnlyDictionary<string, byte[]> Read(string folder, ImagePreprocessing preprocessing, bool keepPreprocessor)
    {
        var files = Tokenizer.Select(name => (Name: name, Path: Path.Combine(folder, name))).Where(file => File.Exists(file.Path))
            .ToDictionary(file => file.Name, file => File.ReadAllBytes(file.Path), StringComparer.Ordinal);
        if (ClipTokenizerFiles.SourceOf(folder) == ClipTokenizerSource.OpenAI)
            foreach (var (name, content) in OpenAIMerges.AsFiles(Path.Combine(folder, ClipTokenizerFiles.OpenAIFile))) files[name] = content;
        var preprocessor = Path.Combine(folder, CheckpointFiles.Preprocessor);
        files[CheckpointFiles.Preprocessor] = keepPreprocessor && File.Exists(preprocessor)
            ? File.ReadAllBytes(preprocessor)
            : PreprocessorConfig.Write(preprocessing);
        return files;
    }
}
