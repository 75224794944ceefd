namespace VideoCaptionRetrieval.Captioning;

/// <summary>A caption of one frame by one captioner.</summary>
/// <param name="Captioner">Index of the captioner.</param>
/// <param name="Frame">Index of the frame.</param>
/// <param name="Text">The caption as it was given.</param>
/// <param name="Score">Its CLIPScore; NaN = none.</param>
internal sealed record ScoredCaption(int Captioner, int Frame, string Text, double Score)
{
    /// <summary>Whether there is any text.</summary>
    internal bool HasText => !string.IsNullOrWhiteSpace(Text);

    /// <summary>Texts with one key are duplicates: trimmed, white space collapsed, lower case.</summary>
    internal string Key => KeyOf(Text);

    /// <inheritdoc cref="Key"/>
    internal static string KeyOf(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
}
