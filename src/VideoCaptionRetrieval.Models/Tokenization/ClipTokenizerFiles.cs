namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>Which files tell a CLIP tokenizer.</summary>
internal enum ClipTokenizerSource
{
    /// <summary>None is there.</summary>
    None,

    /// <summary>vocab.json and merges.txt.</summary>
    Pairs,

    /// <summary>tokenizer.json, of Hugging Face's tokenizers library.</summary>
    Library,

    /// <summary>bpe_simple_vocab_16e6.txt.gz, of OpenAI's repository.</summary>
    OpenAI,
}

/// <summary>Finds the tokenizer of a folder. Where several are there, the first of <see cref="ClipTokenizerSource"/> counts.</summary>
internal static class ClipTokenizerFiles
{
    internal const string LibraryFile = "tokenizer.json";
    internal const string OpenAIFile = "bpe_simple_vocab_16e6.txt.gz";

    /// <summary>What to say where there is none.</summary>
    internal const string Needed = $"'{BytePairFiles.Vocabulary}', '{BytePairFiles.Merges}' (or '{LibraryFile}', or '{OpenAIFile}')";

    internal static ClipTokenizerSource SourceOf(string folder)
    {
        if (Has(folder, BytePairFiles.Vocabulary) && Has(folder, BytePairFiles.Merges)) return ClipTokenizerSource.Pairs;
        if (Has(folder, LibraryFile)) return ClipTokenizerSource.Library;
        return Has(folder, OpenAIFile) ? ClipTokenizerSource.OpenAI : ClipTokenizerSource.None;
    }

    private static bool Has(string folder, string name) => File.Exists(Path.Combine(folder, name));
}
