using System.Text;
using System.Text.RegularExpressions;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>The last error lines that a program of ffmpeg's printed under "-loglevel level+…". One writer, read after its end.</summary>
internal sealed partial class ErrorLog
{
    private const int MaximumLines = 5;
    private const int MaximumLength = 300;

    private readonly Queue<string> _lines = new();

    internal void Add(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("[error]"u8) < 0 && line.IndexOf("[fatal]"u8) < 0 && line.IndexOf("[panic]"u8) < 0) return;
        var text = Noise().Replace(Encoding.UTF8.GetString(line), "").Trim();
        if (text.Length > MaximumLength) text = text[..MaximumLength] + "…";
        if (text.Length == 0 || _lines.Contains(text)) return;
        if (_lines.Count == MaximumLines) _lines.Dequeue();
        _lines.Enqueue(text);
    }

    /// <summary>The lines, joined; empty where there was none.</summary>
    internal string Text => string.Join("; ", _lines);

    /// <summary>Level tags, the addresses of the objects that speak, and the list of containers that this library itself gave.</summary>
    [GeneratedRegex(@"\[(error|fatal|panic)\] ?| @ 0x[0-9a-f]+|(?<=Format not on whitelist) '[^']*'")]
    private static partial Regex Noise();
}
