using System.Security.Cryptography;
using System.Text;

namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>The expected hash of a file's content.</summary>
/// <param name="Kind">Algorithm.</param>
/// <param name="Hex">Lower-case hexadecimal digits.</param>
public sealed record ContentHash(HashKind Kind, string Hex)
{
    private const int Sha256Digits = 64, Sha1Digits = 40;

    /// <summary>Parses a hub's entity tag: 64 digits are a SHA-256, 40 a git blob's name; null for any other tag.</summary>
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

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        HashKind.Sha256 => $"SHA-256 {Hex}",
        HashKind.GitBlob => $"git blob {Hex}",
        _ => $"MD5 {Hex}",
    };
}

/// <summary>Hash algorithm that a server announces for a file.</summary>
public enum HashKind
{
    /// <summary>SHA-256 of the content.</summary>
    Sha256,

    /// <summary>Git's name of the content: SHA-1 of "blob LENGTH", a zero byte and the content. The hub uses it for small files.</summary>
    GitBlob,

    /// <summary>MD5 of the content, which Google's storage announces: it detects damage, not forgery.</summary>
    Md5,
}

/// <summary>Computes a file's SHA-256, and the kind of hash that its server announces, as the content streams by. Not thread-safe.</summary>
internal sealed class ContentHasher : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? _other;
    private readonly HashKind _kind;

    /// <param name="kind">The announced algorithm; null = none.</param>
    /// <param name="length">Size of the whole file in bytes, with which git's hash begins.</param>
    internal ContentHasher(HashKind? kind, long length)
    {
        _kind = kind ?? HashKind.Sha256;
        _other = Create(_kind);
        if (_kind == HashKind.GitBlob) _other!.AppendData(Encoding.ASCII.GetBytes($"blob {length}\0"));
    }

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        _sha256.AppendData(bytes);
        _other?.AppendData(bytes);
    }

    /// <summary>Appends the rest of a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="advanced">Called with the stream's position after each block.</param>
    /// <param name="cancellation">Cancels at once.</param>
    internal async Task AppendAsync(Stream stream, Action<long> advanced, CancellationToken cancellation)
    {
        var buffer = new byte[BufferBytes];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0; advanced(stream.Position)) Append(buffer.AsSpan(0, read));
    }

    /// <summary>SHA-256 of the appended bytes.</summary>
    internal string Sha256 => Convert.ToHexStringLower(_sha256.GetCurrentHash());

    /// <summary>Hash of the appended bytes by the announced algorithm.</summary>
    internal ContentHash Found => new(_kind, _other is null ? Sha256 : Convert.ToHexStringLower(_other.GetCurrentHash()));

    public void Dispose()
    {
        _sha256.Dispose();
        _other?.Dispose();
    }

    // The servers announce SHA-1 and MD5; they only detect damage, they protect nothing.
#pragma warning disable CA5350, CA5351
    private static IncrementalHash? Create(HashKind kind) => kind switch
    {
        HashKind.GitBlob => IncrementalHash.CreateHash(HashAlgorithmName.SHA1),
        HashKind.Md5 => IncrementalHash.CreateHash(HashAlgorithmName.MD5),
        _ => null,
    };
#pragma warning restore CA5350, CA5351
}
