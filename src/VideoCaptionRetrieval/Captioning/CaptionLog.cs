using System.Text.Json;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>
/// The file of a <see cref="CaptionStore"/>: lines are only appended, and are on the disk when <see cref="Append"/> returns. A last line
/// that a crash cut off is ignored and overwritten. Several processes may share it. Not thread-safe.
/// </summary>
/// <param name="path">The file; it need not exist.</param>
internal sealed class CaptionLog(string path)
{
    private const byte NewLine = (byte)'\n';
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(30);
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private long _read;                             // bytes of the whole lines that were read
    private int _lines;

    /// <summary>Reads what any process has appended since the last call.</summary>
    /// <exception cref="InvalidDataException">A line is broken; the message names it.</exception>
    internal void ReadOn(Action<CaptionRecord> take)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == _read) return;
        using var file = Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        ReadNewLines(file, take);
    }

    /// <summary>Appends captions and flushes them to disk; reads what other processes have appended before.</summary>
    internal void Append(IReadOnlyList<CaptionRecord> captions, Action<CaptionRecord> take)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);      // the folder of a loaded model
        using var file = Open(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        ReadNewLines(file, take);
        using var lines = new MemoryStream();
        foreach (var caption in captions) CaptionJson.Write(lines, caption);
        file.SetLength(_read);                      // drops a line that was cut off
        file.Position = _read;
        lines.WriteTo(file);
        file.Flush(flushToDisk: true);
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

    private void ReadNewLines(FileStream file, Action<CaptionRecord> take)
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
                Parse(rest.AsMemory(start, end - start), take);
            }
            _read += start;
            rest.AsSpan(start, length - start).CopyTo(rest);
            kept = length - start;
            if (kept == rest.Length) Array.Resize(ref rest, 2 * rest.Length);
        }
    }

    private void Parse(ReadOnlyMemory<byte> bytes, Action<CaptionRecord> take)
    {
        if (bytes.Length == 0) return;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            take(CaptionJson.Read(new(path, _lines, document.RootElement), Shared));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var problem = e is JsonException json ? JsonLines.Problem(json) : e.Message;
            throw new InvalidDataException($"'{path}', line {_lines}: expected a stored caption, found something else ({problem}) "
                + "Delete the line to have its frame captioned again.", e);
        }
    }

    private string Shared(string text)
    {
        if (_texts.TryGetValue(text, out var known)) return known;
        _texts.Add(text);
        return text;
    }
}
