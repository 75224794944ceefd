using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>The tokens that every caption begins with.</summary>
internal static class BlipPrompt
{
    /// <summary>
    /// As in Hugging Face: the tokenizer's [CLS] becomes the decoder's start token, the closing [SEP] is dropped. Without a prompt the
    /// start token is alone.
    /// </summary>
    internal static int[] Of(string? prompt, WordPieceTokenizer tokenizer, BlipTextConfig config)
    {
        var ids = tokenizer.Encode(prompt ?? "")[..^1];
        ids[0] = config.StartId;
        return ids;
    }

    /// <summary>The caption without its prompt, trimmed.</summary>
    internal static string Cut(int[] ids, int[] prompt, WordPieceTokenizer tokenizer)
    {
        var (text, start) = (tokenizer.Decode(ids), tokenizer.Decode(prompt));
        // Clean-up can join the prompt's last word to what follows ("i '" + "m"); then the generated tokens are decoded alone.
        var caption = text.StartsWith(start, StringComparison.Ordinal) ? text[start.Length..] : tokenizer.Decode(ids.AsSpan(prompt.Length));
        return caption.Trim();
    }
}
