namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>The hash that a file must have.</summary>
/// <param name="Kind">How it is computed.</param>
/// <param name="Hex">Lower-case hexadecimal digits.</param>
internal sealed record ContentHash(HashKind Kind, string Hex)
{
    private const int Sha256Digits = 64, Sha1Digits = 40;

    /// <summary>A hub's entity tag: 64 digits are a SHA-256, 40 a git blob's name; anything else says nothing of the content.</summary>
    internal static ContentHash? FromTag(string? tag)
    {
        var hex = tag?.Replace("W/", "", StringComparison.Ordinal).Trim('"').ToLowerInvariant();
        if (hex is null || !hex.All(char.IsAsciiHexDigitLower)) return null;
        return hex.Length switch
        {
            Sha256Digits => new(HashKind.Sha256, hex),
            Sha1Digits => new(HashKind.GitBlob, hex),
            _ => null,
        };
    }

    public override string ToString() => Kind switch
    {
        HashKind.Sha256 => $"SHA-256 {Hex}",
        HashKind.GitBlob => $"git blob {Hex}",
        _ => $"MD5 {Hex}",
    };
}
