namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>A public checkpoint that has a name of its own here.</summary>
/// <param name="Name">The name, and that of its folder.</param>
/// <param name="Kind">CLIP, BLIP or ClipCap.</param>
/// <param name="Source">A repository of the hub, or the public address of a file.</param>
/// <param name="Description">What it is.</param>
/// <param name="Bytes">About how much is fetched; null = not known before the server is asked.</param>
/// <param name="Sha256">The file's SHA-256, for an address that carries it.</param>
/// <param name="Tokenizer">A repository of the hub with the tokenizer's files, for an address of weights alone.</param>
/// <param name="ByHand">Why it cannot be fetched by a program, and where a person finds it.</param>
internal sealed record KnownModel(
    string Name, string Kind, string Source, string Description, long? Bytes = null, string? Sha256 = null, string? Tokenizer = null,
    string? ByHand = null)
{
    /// <summary>Whether <see cref="Source"/> is the address of a file.</summary>
    internal bool IsAddress => Source.Contains("://", StringComparison.Ordinal);

    /// <summary>The name of the file at an address.</summary>
    internal string FileName => Source[(Source.LastIndexOf('/') + 1)..];

    /// <summary>What is fetched, for people.</summary>
    internal string Files => (ByHand, IsAddress) switch
    {
        (not null, _) => "",
        (_, true) => FileName + (Tokenizer is null ? "" : ", tokenizer"),
        _ => "weights, configuration, tokenizer, preprocessor",
    };
}
