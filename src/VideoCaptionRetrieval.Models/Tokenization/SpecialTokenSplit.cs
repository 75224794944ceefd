namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>Cuts special tokens, spelt exactly, out of a text before anything else happens to it.</summary>
internal static class SpecialTokenSplit
{
    internal static IEnumerable<(string Text, bool Special)> Split(string text, IReadOnlyList<string> specialTokens)
    {
        var start = 0;
        while (true)
        {
            var (at, token) = specialTokens
                .Select(special => (At: text.IndexOf(special, start, StringComparison.Ordinal), Token: special))
                .Where(found => found.At >= 0 && found.Token.Length > 0)
                .OrderBy(found => found.At).ThenByDescending(found => found.Token.Length)
                .FirstOrDefault((text.Length, ""));
            if (at > start) yield return (text[start..at], false);
            if (token.Length == 0) yield break;
            yield return (token, true);
            start = at + token.Length;
        }
    }
}
