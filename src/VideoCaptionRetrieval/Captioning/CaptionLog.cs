using System.Text.Json;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>
/// The file of a <see cref="CaptionStore"/>: lines are only appended, and are on the disk when <see cref="Append"/> returns. A last line
/// that a crash cut off is ignored and overwritten. Several processes may share it. Not thread-safe, except for <see cref="Read"/>.
/// </summary>
/// <param name="path">The file; it need not exist.</param>
internal sealed class CaptionLog(string path)
{
    private const byte NewLine = (byte)'\n';
    private const int LinesAtOnce = 1024;
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(30);
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private long _read;                             // bytes of the whole lines that were read
    private int _lines;

    /// <summary>Reads what any process has appended since the last call.</summary>
    /// <exception cref="InvalidDataException">A line is broken; the message names it.</exception>
    internal void ReadOn(Action<CaptionRecord, CaptionPlace> take)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == _read) return;
        using var file = Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        ReadNewLines(file, take);
    }

    /// <summary>Reads captions again, a part at a time, so that other processes can append between two of them.</summary>
    /// <exception cref="InvalidDataException">Another caption stands in a place, or none.</exception>
    internal IEnumerable<CaptionRecord> Read(IEnumerable<CaptionPlace> places) => places.Chunk(LinesAtOnce).SelectMany(ReadPart);

    /// <summary>Appends captions and flushes them to disk; takes what other processes have appended before, and then these.</summary>
    internal void Append(IReadOnlyList<CaptionRecord> captions, Action<CaptionRecord, CaptionPlace> take)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);      // the folder of a loaded model
        using var file = Open(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        ReadNewLines(file, take);
        using var lines = new MemoryStream();
        var ends = new List<int>(captions.Count);
        foreach (var caption in captions)
        {
            CaptionJson.Write(lines, caption);
            ends.Add((int)lines.Length);
        }
        file.SetLength(_read);                      // drops a line that was cut off
        file.Position = _read;
        lines.WriteTo(file);
        file.Flush(flushToDisk: true);
        for (var at = 0; at < captions.Count; at++)
        {
            var start = at == 0 ? 0 : ends[at - 1];
            take(captions[at], new(_read + start, ends[at] - start));
        }
        _read = file.Position;
        _lines += captions.Count;
    }

    // Other processes hold the file while they append.
    private FileStream Open(FileMode mode, FileAccess access, FileShare share)
    {
        FileStream? file = null;
        IOException? failure = null;
        SpinWait.SpinUntil(() =>
        {
            try
            {
                file = new FileStream(path, mode, access, share);
                return true;
            }
            catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException)
            {
                failure = e;
                return false;
            }
        }, LockTimeout);
        return file ?? throw new IOException(
            Invariant($"The caption store '{path}' has been in use by another process for {LockTimeout.TotalSeconds:f0} seconds."), failure);
    }

    private void ReadNewLines(FileStream file, Action<CaptionRecord, CaptionPlace> take)
    {
        if (file.Length < _read)
        {
            throw new InvalidDataException(
                $"'{path}' has become shorter, from {_read} to {file.Length} bytes; it must not be edited while it is in use.");
        }
        file.Position = _read;
        var rest = new byte[1 << 20];
        var kept = 0;                               // bytes of a line whose end is not read yet
        for (int read; (read = file.Read(rest, kept, rest.Length - kept)) > 0;)
        {
            var (start, length) = (0, kept + read);
            for (int end; (end = Array.IndexOf(rest, NewLine, start, length - start)) >= 0; start = end + 1)
            {
                _lines++;
                if (end > start) take(Parse(rest.AsMemory(start, end - start)), new(_read + start, end - start));
            }
            _read += start;
            rest.AsSpan(start, length - start).CopyTo(rest);
            kept = length - start;
            if (kept == rest.Length) Array.Resize(ref rest, 2 * rest.Length);
        }
    }

    private CaptionRecord Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return CaptionJson.Read(new(path, _lines, document.RootElement), Shared);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var problem = e is JsonException json ? JsonLines.Problem(json) : e.Message;
            throw new InvalidDataException($"'{path}', line {_lines}: expected a stored caption, found something else ({problem}) "
                + "Delete the line to have its frame captioned again.", e);
        }
    }

    private List<CaptionRecord> ReadPart(CaptionPlace[] places)
    {
        var captions = new List<CaptionRecord>(places.Length);
        using var file = Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        foreach (var place in places)
        {
            var line = new byte[place.Length];
            if (RandomAccess.Read(file.SafeFileHandle, line, place.Start) < line.Length) throw Changed(place);
            try
            {
                using var document = JsonDocument.Parse(line);
                captions.Add(CaptionJson.Read(new(path, 0, document.RootElement)));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or InvalidDataException)
            {
                throw Changed(place, e);
            }
        }
        return captions;
    }

    private InvalidDataException Changed(CaptionPlace place, Exception? cause = null) =>
        new($"'{path}' no longer holds the caption that stood at byte {place.Start}; it must not be edited while it is in use.", cause);

    private string Shared(string text)
    {
        if (_texts.TryGetValue(text, out var known)) return known;
        _texts.Add(text);
        return text;
    }
}

/// <summary>Where a caption stands in a <see cref="CaptionLog"/>.</summary>
/// <param name="Start">The first byte of its line.</param>
/// <param name="Length">The bytes of the line.</param>
internal readonly record struct CaptionPlace(long Start, int Length);
