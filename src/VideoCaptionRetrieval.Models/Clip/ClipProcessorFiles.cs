using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>Tokenizer and image-preprocessing files of a CLIP checkpoint: what transformers calls its processor.</summary>
internal static class ClipProcessorFiles
{
    private const string TokenizerConfiguration = "tokenizer_config.json";

    private static readonly string[] Tokenizer =
    [
        BytePairFiles.Vocabulary, BytePairFiles.Merges, TokenizerJson.FileName, TokenizerConfiguration,
        "special_tokens_map.json", "added_tokens.json",
    ];

    /// <summary>Lists the paths of those that a folder has.</summary>
    internal static IEnumerable<string> Files(string folder) =>
        Tokenizer.Append(CheckpointFiles.Processor).Append(CheckpointFiles.Preprocessor).Append(ClipTokenizerFiles.OpenAIFile)
        .Select(name => Path.Combine(folder, name)).Where(File.Exists);

    /// <summary>Generates the tokenizer files that a folder lacks and other programs need: tokenizer.json and tokenizer_config.json.</summary>
    internal static IReadOnlyDictionary<string, byte[]> GenerateMissing(string folder, int contextLength)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (!File.Exists(Path.Combine(folder, TokenizerJson.FileName)))
            files[TokenizerJson.FileName] = TokenizerJsonWriter.Clip(ClipVocabulary.ReadPairs(folder).Pairs);
        if (!File.Exists(Path.Combine(folder, TokenizerConfiguration))) files[TokenizerConfiguration] = TokenizerJsonWriter.ClipConfig(contextLength);
        return files;
    }

    /// <summary>
    /// Reads name and content of each for a folder in Hugging Face layout; those that the source lacks in that layout are generated.
    /// </summary>
    internal static IReadOnlyDictionary<string, byte[]> Read(string folder, ImagePreprocessing preprocessing, bool keepPreprocessor)
    {
        var files = Tokenizer.Select(name => (Name: name, Path: Path.Combine(folder, name))).Where(file => File.Exists(file.Path))
            .ToDictionary(file => file.Name, file => File.ReadAllBytes(file.Path), StringComparer.Ordinal);
        if (ClipTokenizerFiles.SourceOf(folder) == ClipTokenizerSource.OpenAI)
            foreach (var (name, content) in OpenAIMerges.AsFiles(Path.Combine(folder, ClipTokenizerFiles.OpenAIFile))) files[name] = content;
        // Older programs read preprocessor_config.json alone, so that the settings of a processor_config.json are written under that name.
        files[CheckpointFiles.Preprocessor] = keepPreprocessor && PreprocessorConfig.FileOf(folder) == CheckpointFiles.Preprocessor
            ? File.ReadAllBytes(Path.Combine(folder, CheckpointFiles.Preprocessor))
            : PreprocessorConfig.Write(preprocessing);
        return files;
    }
}
