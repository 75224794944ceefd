using System.Security.Cryptography;
using System.Text;

namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Computes a file's SHA-256, and the hash that its server announces, while the content goes by. Not thread-safe.</summary>
internal sealed class ContentHasher : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash? _other;
    private readonly HashKind _kind;

    /// <param name="kind">The announced hash; null = none is announced.</param>
    /// <param name="length">Bytes of the whole file; git's hash begins with it.</param>
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
    /// <param name="advanced">Called with the stream's position after each piece.</param>
    /// <param name="cancellation">Ends at once.</param>
    internal async Task AppendAsync(Stream stream, Action<long> advanced, CancellationToken cancellation)
    {
        var buffer = new byte[BufferBytes];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0; advanced(stream.Position)) Append(buffer.AsSpan(0, read));
    }

    /// <summary>SHA-256 of what was appended.</summary>
    internal string Sha256 => Convert.ToHexStringLower(_sha256.GetCurrentHash());

    /// <summary>The announced kind of hash of what was appended.</summary>
    internal ContentHash Found => new(_kind, _other is null ? Sha256 : Convert.ToHexStringLower(_other.GetCurrentHash()));

    public void Dispose()
    {
        _sha256.Dispose();
        _other?.Dispose();
    }

    // SHA-1 and MD5 are what the servers announce; they are compared with what arrived, nothing is protected by them.
#pragma warning disable CA5350, CA5351
    private static IncrementalHash? Create(HashKind kind) => kind switch
    {
        HashKind.GitBlob => IncrementalHash.CreateHash(HashAlgorithmName.SHA1),
        HashKind.Md5 => IncrementalHash.CreateHash(HashAlgorithmName.MD5),
        _ => null,
    };
#pragma warning restore CA5350, CA5351
}
