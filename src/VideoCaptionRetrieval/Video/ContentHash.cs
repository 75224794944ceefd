using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Video.Cache;

namespace VideoCaptionRetrieval.Video;

/// <summary>
/// Names of contents: XxHash128 of all bytes of a file, remembered as long as its length and its time of writing stay, in memory and in a
/// folder, so that later processes need not read the file. Thread-safe.
/// </summary>
/// <param name="folder">Holds a small file for each path.</param>
internal sealed class ContentIdentities(string folder)
{
    private const int BufferLength = 1 << 20;
    private const int MostRemembered = 200_000;

    private readonly ConcurrentDictionary<string, string> _remembered = [];

    internal string Of(VideoFile file, CancellationToken cancellationToken)
    {
        var state = FormattableString.Invariant($"{file.Length} {file.Changed.Ticks} {file.FullPath}");
        if (_remembered.TryGetValue(state, out var known)) return known;
        var note = Path.Combine(folder, Hex(XxHash128.Hash(Encoding.UTF8.GetBytes(file.FullPath))));
        var identity = Read(note, state) ?? Write(note, state, Hash(file, cancellationToken));
        if (_remembered.Count > MostRemembered) _remembered.Clear();
        return _remembered[state] = identity;
    }

    private static string Hash(VideoFile file, CancellationToken cancellationToken)
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
            // IDENTITY, a space, and the state that it belongs to; another state, or half a file, is no answer.
            return File.Exists(note) && File.ReadAllText(note).Split(' ', 2) is [{ Length: 32 } identity, var found] && found == state
                && identity.All(char.IsAsciiHexDigitLower) ? identity : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string Write(string note, string state, string identity)
    {
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Create(note, temporary => File.WriteAllText(temporary, $"{identity} {state}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is worked out again next time.
        }
        return identity;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

/// <summary>Tells video files apart by content, not by name: length, and SHA-256 of both ends.</summary>
internal static class VideoContent
{
    private const int EndBytes = 1 << 20;

    internal static string Identify(string path)
    {
        using var file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[(int)Math.Min(EndBytes, file.Length)];
        hash.AppendData(buffer, 0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        file.Position = Math.Max(0, file.Length - EndBytes);
        hash.AppendData(buffer, 0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        return $"{file.Length}-{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
