namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// How a text is prepared before it is cut into CLIP tokens; the two published rules differ on quotes, entities and widths.
/// </summary>
internal enum TextCleaning
{
    /// <summary>OpenAI's: repair of broken Unicode, HTML entities decoded twice, white space collapsed, lower case.</summary>
    OpenAI,

    /// <summary>Hugging Face's fast tokenizer: canonical composition, white space collapsed, lower case.</summary>
    HuggingFace,
}
