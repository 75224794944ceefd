using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Video;

/// <summary>Identifies video files by content, whatever their names. Thread-safe.</summary>
/// <remarks>
/// There are two hashes, because both are in files that must stay readable. Caption stores hold <see cref="OfBothEnds"/>, which is quick and
/// tells apart all files but those that differ in the middle alone, at equal length. Frame caches hold <see cref="OfAllBytes"/>, which tells
/// apart all files; it is remembered in memory and in a folder while the file's length and time of writing stay, so that a later process need
/// not read the file.
/// </remarks>
/// <param name="folder">Holds a small file for each path that was hashed.</param>
public sealed class ContentHash(string folder)
{
    private const int BufferLength = 1 << 20;
    private const int EndBytes = 1 << 20;
    private const int MaxRemembered = 200_000;

    private readonly ConcurrentDictionary<string, string> _remembered = [];

    /// <summary>Hashes the length and the first and last MiB of a file: 'LENGTH-SHA256', in lower-case hexadecimal.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static string OfBothEnds(string path)
    {
        using var file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[(int)Math.Min(EndBytes, file.Length)];
        hash.AppendData(buffer, 0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        file.Position = Math.Max(0, file.Length - EndBytes);
        hash.AppendData(buffer, 0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        return $"{file.Length}-{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    /// <summary>Hashes all bytes of a file by XxHash128, in lower-case hexadecimal.</summary>
    /// <exception cref="VideoReadException">The file cannot be read.</exception>
    internal string OfAllBytes(VideoFile file, CancellationToken cancellationToken)
    {
        var state = Invariant($"{file.Length} {file.Changed.Ticks} {file.FullPath}");
        if (_remembered.TryGetValue(state, out var known)) return known;
        var note = Path.Combine(folder, Hex(XxHash128.Hash(Encoding.UTF8.GetBytes(file.FullPath))));
        var hash = Read(note, state) ?? Write(note, state, Compute(file, cancellationToken));
        if (_remembered.Count > MaxRemembered) _remembered.Clear();
        return _remembered[state] = hash;
    }

    private static string Compute(VideoFile file, CancellationToken cancellationToken)
    {
        var hash = new XxHash128();
        var buffer = new byte[BufferLength];
        try
        {
            using var stream = File.OpenRead(file.FullPath);
            while (stream.Read(buffer) is var count && count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.Append(buffer.AsSpan(0, count));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VideoReadException(file.Path, $"cannot be read: {e.Message}", e);
        }
        return Hex(hash.GetCurrentHash());
    }

    private static string? Read(string note, string state)
    {
        try
        {
            // HASH, a space, and the state that it belongs to; another state, or half a file, is no answer.
            return File.Exists(note) && File.ReadAllText(note).Split(' ', 2) is [{ Length: 32 } hash, var found] && found == state
                && hash.All(char.IsAsciiHexDigitLower) ? hash : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string Write(string note, string state, string hash)
    {
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Create(note, temporary => File.WriteAllText(temporary, $"{hash} {state}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is computed again next time.
        }
        return hash;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
