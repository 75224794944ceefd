using Microsoft.ML.Tokenizers;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// A validated CLIP vocabulary, from vocab.json (token → id) and merges.txt ("#version" line, then one pair of tokens a line, best first), or a
/// file that replaces both.
/// </summary>
/// <param name="BytePairs">Merges the bytes of one word.</param>
/// <param name="StartOfText">Id of the start token.</param>
/// <param name="EndOfText">Id of the end token.</param>
/// <param name="LargestId">The largest id in use.</param>
public sealed record ClipVocabulary(BpeTokenizer BytePairs, int StartOfText, int EndOfText, int LargestId)
{
    /// <summary>Begins a text.</summary>
    public const string StartToken = "<|startoftext|>";

    /// <summary>Ends a text.</summary>
    public const string EndToken = "<|endoftext|>";

    /// <summary>Ends the last piece of a word.</summary>
    public const string EndOfWord = "</w>";

    /// <summary>Reads tokens and merges from the files that define a folder's tokenizer.</summary>
    /// <returns>The file that names the tokens, for messages, and its content.</returns>
    /// <exception cref="ModelFileException">A file is missing or damaged; the message names file and line.</exception>
    internal static (string Path, BytePairs Pairs) ReadPairs(string folder)
    {
        var openAI = Path.Combine(folder, ClipTokenizerFiles.OpenAIFile);
        return ClipTokenizerFiles.SourceOf(folder) == ClipTokenizerSource.OpenAI
            ? (openAI, OpenAIMerges.Read(openAI))
            : BytePairFiles.Read(folder, "CLIP", [StartToken, EndToken], EndOfWord);
    }

    /// <summary>Loads the tokenizer of a folder from the files that define it.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged; the message names file and line.</exception>
    internal static ClipVocabulary Load(string folder)
    {
        var (path, pairs) = ReadPairs(folder);
        var twice = pairs.Ids.GroupBy(token => token.Value).FirstOrDefault(tokens => tokens.Count() > 1);
        if (twice is not null)
            throw new ModelFileException(path,
                $"tokens '{twice.First().Key}' and '{twice.Last().Key}' have one id, {twice.Key}; expected one for each.");
        var options = new BpeOptions(pairs.Ids) { Merges = pairs.Merges, ByteLevel = true, EndOfWordSuffix = EndOfWord, UnknownToken = EndToken };
        try
        {
            return new(BpeTokenizer.Create(options), pairs.Ids[StartToken], pairs.Ids[EndToken], pairs.Ids.Values.Max());
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new ModelFileException(path, $"tokens and merges make no tokenizer ({e.Message}) Download the file again.", e);
        }
    }
}

/// <summary>The files that define a CLIP tokenizer.</summary>
internal enum ClipTokenizerSource
{
    /// <summary>No such file exists.</summary>
    None,

    /// <summary>vocab.json and merges.txt.</summary>
    Pairs,

    /// <summary>tokenizer.json, of Hugging Face's tokenizers library.</summary>
    Library,

    /// <summary>bpe_simple_vocab_16e6.txt.gz, of OpenAI's repository.</summary>
    OpenAI,
}

/// <summary>Finds the tokenizer of a folder; of several, the first in the order of <see cref="ClipTokenizerSource"/>.</summary>
internal static class ClipTokenizerFiles
{
    internal const string OpenAIFile = "bpe_simple_vocab_16e6.txt.gz";

    /// <summary>The expected files, for messages about a folder that has none.</summary>
    internal const string Needed = $"'{BytePairFiles.Vocabulary}', '{BytePairFiles.Merges}' (or '{TokenizerJson.FileName}', or '{OpenAIFile}')";

    internal static ClipTokenizerSource SourceOf(string folder)
    {
        if (Has(folder, BytePairFiles.Vocabulary) && Has(folder, BytePairFiles.Merges)) return ClipTokenizerSource.Pairs;
        if (Has(folder, TokenizerJson.FileName)) return ClipTokenizerSource.Library;
        return Has(folder, OpenAIFile) ? ClipTokenizerSource.OpenAI : ClipTokenizerSource.None;
    }

    private static bool Has(string folder, string name) => File.Exists(Path.Combine(folder, name));
}
