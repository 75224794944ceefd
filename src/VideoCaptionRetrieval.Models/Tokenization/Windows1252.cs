namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// Converts between bytes and Windows-1252, with its five undefined bytes read as Latin-1, so that every byte has a character.
/// </summary>
internal static class Windows1252
{
    private const int First = 0x80;
    private const string Upper = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

    internal static char Decode(byte value) => value >= First && value - First < Upper.Length ? Upper[value - First] : (char)value;

    /// <summary>
    /// Finds the byte that <paramref name="c"/> stands for, in Windows-1252 or in Latin-1 (whose control characters 80 to 9F occur in the same
    /// texts); false for other characters.
    /// </summary>
    internal static bool TryEncode(char c, out byte value)
    {
        var upper = c < First ? -1 : Upper.IndexOf(c, StringComparison.Ordinal);
        value = upper >= 0 ? (byte)(First + upper) : (byte)c;
        return upper >= 0 || c <= byte.MaxValue;
    }
}
