using System.Text.Json.Nodes;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>The files of a BERT tokenizer, each written under a temporary name that is replaced at the end.</summary>
internal static class WordPieceFiles
{
    internal const string Vocabulary = "vocab.txt";
    internal const string Configuration = "tokenizer_config.json";

    internal static void Write(string folder, IEnumerable<string> tokens, WordPieceConfig config)
    {
        Directory.CreateDirectory(folder);
        Replace(Path.Combine(folder, Vocabulary), string.Concat(tokens.Select(token => token + "\n")));
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
        Replace(Path.Combine(folder, Configuration), json.ToJsonString(new() { WriteIndented = true }) + "\n");
    }

    private static void Replace(string path, string content)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }
}
