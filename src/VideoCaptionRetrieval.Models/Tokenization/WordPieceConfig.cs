using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// Settings from tokenizer_config.json of a BERT tokenizer; missing keys, or a missing file, take those of tokenizer.json where that file is the
/// vocabulary, else the defaults of transformers' BertTokenizer.
/// </summary>
public sealed record WordPieceConfig
{
    internal const string TokenizerClass = "BertTokenizer";

    /// <summary>Classes of transformers that take any tokenizer.json, whose content tells its kind.</summary>
    private static readonly string[] AnyTokenizer = ["PreTrainedTokenizerFast", "TokenizersBackend"];

    internal string Unknown { get; init; } = "[UNK]";
    internal string Start { get; init; } = "[CLS]";
    internal string End { get; init; } = "[SEP]";
    internal string Padding { get; init; } = "[PAD]";
    internal string Mask { get; init; } = "[MASK]";

    internal bool LowerCase { get; init; } = true;

    /// <summary>Whether accents are removed; null in the file means: where texts are lower-cased.</summary>
    internal bool StripAccents { get; init; } = true;

    /// <summary>Whether every Chinese character is a word.</summary>
    internal bool SplitCjk { get; init; } = true;

    /// <summary>Whether decoded texts lose the spaces before punctuation.</summary>
    internal bool CleanUpSpaces { get; init; } = true;

    internal IReadOnlyList<string> SpecialTokens => [Unknown, End, Padding, Start, Mask];

    /// <param name="folder">The folder with the file.</param>
    /// <param name="defaults">What stands in for missing keys.</param>
    /// <exception cref="ModelFileException">The file is damaged or asks for something not implemented.</exception>
    internal static WordPieceConfig Read(string folder, WordPieceConfig defaults)
    {
        var path = Path.Combine(folder, WordPieceFiles.Configuration);
        if (!File.Exists(path)) return defaults;
        var file = ConfigurationSection.Read(path);
        var tokenizerClass = file.Text("tokenizer_class", TokenizerClass);
        if (tokenizerClass is not (TokenizerClass or TokenizerClass + "Fast") && !AnyTokenizer.Contains(tokenizerClass))
            throw file.Unexpected("tokenizer_class", $"'{TokenizerClass}'");
        if (!file.Flag("do_basic_tokenize", missing: true)) throw file.Unexpected("do_basic_tokenize", "'true'");
        var lowerCase = file.Flag("do_lower_case", defaults.LowerCase);
        return new()
        {
            Unknown = Token(file, "unk_token", defaults.Unknown),
            Start = Token(file, "cls_token", defaults.Start),
            End = Token(file, "sep_token", defaults.End),
            Padding = Token(file, "pad_token", defaults.Padding),
            Mask = Token(file, "mask_token", defaults.Mask),
            LowerCase = lowerCase,
            StripAccents = file.Flag("strip_accents", missing: lowerCase == defaults.LowerCase ? defaults.StripAccents : lowerCase),
            SplitCjk = file.Flag("tokenize_chinese_chars", defaults.SplitCjk),
            CleanUpSpaces = file.Flag("clean_up_tokenization_spaces", defaults.CleanUpSpaces),
        };
    }

    /// <summary>A token is a text, or an object with its text as 'content'.</summary>
    private static string Token(ConfigurationSection file, string key, string missing) =>
        file.HasSection(key) ? file.Section(key).Text("content", missing) : file.Text(key, missing);
}

/// <summary>Names and writes the files of a BERT tokenizer.</summary>
public static class WordPieceFiles
{
    /// <summary>vocab.txt, one token a line.</summary>
    public const string Vocabulary = "vocab.txt";
    internal const string Configuration = "tokenizer_config.json";

    /// <summary>Finds the file with a folder's tokens: vocab.txt, else tokenizer.json; null where it has neither.</summary>
    internal static string? Find(string folder) => CheckpointFiles.First(folder, [Vocabulary, TokenizerJson.FileName]);

    /// <summary>Writes vocab.txt and tokenizer_config.json.</summary>
    internal static void Write(string folder, IEnumerable<string> tokens, WordPieceConfig config)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Vocabulary), string.Concat(tokens.Select(token => token + "\n")));
        var json = new JsonObject
        {
            ["clean_up_tokenization_spaces"] = config.CleanUpSpaces,
            ["cls_token"] = config.Start,
            ["do_lower_case"] = config.LowerCase,
            ["mask_token"] = config.Mask,
            ["pad_token"] = config.Padding,
            ["sep_token"] = config.End,
            ["strip_accents"] = config.StripAccents,
            ["tokenize_chinese_chars"] = config.SplitCjk,
            ["tokenizer_class"] = WordPieceConfig.TokenizerClass,
            ["unk_token"] = config.Unknown,
        };
        File.WriteAllText(Path.Combine(folder, Configuration), json.ToJsonString(new() { WriteIndented = true }) + "\n");
    }
}
