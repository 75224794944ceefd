using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>
/// Finished captions in a folder: captions.jsonl, one JSON object a line {"content","start","end","time","captioner","video","caption"},
/// NaN = null. Lines are only appended, and are on the disk when <see cref="Append"/> returns. A last line that a crash cut off is ignored
/// and overwritten. Thread-safe; several processes may share a folder, and find each other's captions.
/// </summary>
internal sealed class CaptionStore
{
    internal const string FileName = "captions.jsonl";
    private const byte NewLine = (byte)'\n';
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(30);
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _gate = new();
    private readonly Dictionary<CaptionKey, string> _captions = [];
    private readonly string _path;
    private long _read;                             // bytes of the file that are whole lines and in _captions
    private int _lines;

    internal CaptionStore(string folder) => _path = Path.Combine(folder, FileName);

    /// <summary>Makes the folder and reads what it holds, so that faults show before long work starts.</summary>
    /// <exception cref="InvalidDataException">A line is broken; the message names it.</exception>
    internal void Prepare()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        Refresh();
    }

    /// <summary>Reads what was appended since the last call, by whomever.</summary>
    /// <exception cref="InvalidDataException">A line is broken; the message names it.</exception>
    internal void Refresh()
    {
        lock (_gate)
        {
            if (!File.Exists(_path) || new FileInfo(_path).Length == _read) return;
            using var file = Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            ReadNewLines(file);
        }
    }

    internal bool TryGet(CaptionKey key, [NotNullWhen(true)] out string? caption)
    {
        lock (_gate) return _captions.TryGetValue(key, out caption);
    }

    /// <summary>Appends captions and waits until they are on the disk.</summary>
    internal void Append(IReadOnlyList<StoredCaption> captions)
    {
        lock (_gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);     // the folder of a loaded model
            using var file = Open(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            ReadNewLines(file);
            using var lines = new MemoryStream();
            foreach (var caption in captions) Write(lines, caption);
            file.SetLength(_read);                  // drops a line that was cut off
            file.Position = _read;
            lines.WriteTo(file);
            file.Flush(flushToDisk: true);
            _read = file.Position;
            _lines += captions.Count;
            foreach (var caption in captions) _captions[caption.Key] = caption.Text;
        }
    }

    // Others hold the file for the moment of an append.
    private FileStream Open(FileMode mode, FileAccess access, FileShare share)
    {
        FileStream? file = null;
        IOException? failure = null;
        SpinWait.SpinUntil(() =>
        {
            try
            {
                file = new FileStream(_path, mode, access, share);
                return true;
            }
            catch (IOException e) when (e is not FileNotFoundException and not DirectoryNotFoundException)
            {
                failure = e;
                return false;
            }
        }, LockTimeout);
        return file
            ?? throw new IOException(
                $"The caption store '{_path}' has been in use by another process for {LockTimeout.TotalSeconds:f0} seconds.", failure);
    }

    private void ReadNewLines(FileStream file)
    {
        if (file.Length < _read)
            throw new InvalidDataException(
                $"'{_path}' has become shorter, from {_read} to {file.Length} bytes; it must not be edited while it is in use.");
        var bytes = new byte[file.Length - _read];
        file.Position = _read;
        file.ReadExactly(bytes);
        var start = 0;
        for (int end; (end = Array.IndexOf(bytes, NewLine, start)) >= 0; start = end + 1)
        {
            _lines++;
            Parse(bytes.AsMemory(start, end - start));
        }
        _read += start;
    }

    private void Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length == 0) return;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var line = new JsonLine(_path, _lines, document.RootElement);
            double Seconds(string name) => line.OptionalNumber(name)?.GetDouble() ?? double.NaN;
            var key = new CaptionKey(line.RequiredText("content"), Seconds("start"), Seconds("end"), Seconds("time"),
                line.RequiredText("captioner"));
            _captions[key] = line.RequiredText("caption");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var problem = e is JsonException json ? JsonLines.Problem(json) : e.Message;
            throw new InvalidDataException(
                $"'{_path}', line {_lines}: expected a stored caption, found something else ({problem}) "
                + "Delete the line to have its frame captioned again.", e);
        }
    }

    private static void Write(MemoryStream lines, StoredCaption caption)
    {
        using (var json = new Utf8JsonWriter(lines, Readable))
        {
            json.WriteStartObject();
            json.WriteString("video", caption.VideoId);
            WriteSeconds(json, "time", caption.Key.Time);
            json.WriteString("caption", caption.Text);
            WriteSeconds(json, "start", caption.Key.Start);
            WriteSeconds(json, "end", caption.Key.End);
            json.WriteString("content", caption.Key.Content);
            json.WriteString("captioner", caption.Key.Captioner);
            json.WriteEndObject();
        }
        lines.WriteByte(NewLine);
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsNaN(value)) json.WriteNull(name);
        else json.WriteNumber(name, value);
    }
}
