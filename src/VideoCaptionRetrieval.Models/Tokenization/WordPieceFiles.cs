using System.Text.Json.Nodes;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>The files of a BERT tokenizer.</summary>
internal static class WordPieceFiles
{
    internal const string Vocabulary = "vocab.txt";
    internal const string Configuration = "tokenizer_config.json";

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
