using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>
/// Collects what ffprobe prints with "-of compact": a line for each packet ("packet|stream_index=0|pts=512|duration=512|flags=K_"),
/// then for each stream, then for the container. One writer; read after its end.
/// </summary>
internal sealed class CompactOutput
{
    private readonly Dictionary<int, List<VideoPacket>> _packets = [];
    private readonly HashSet<(int Stream, long Position, long Timestamp)> _seen = [];
    private readonly HashSet<int> _untimed = [];
    private readonly HashSet<int> _overlapping = [];
    private readonly Dictionary<int, (long Last, long Back)> _decodingOrder = [];

    /// <summary>The streams, each by the names of its fields.</summary>
    internal List<Dictionary<string, string>> Streams { get; } = [];

    /// <summary>The container's fields.</summary>
    internal Dictionary<string, string> Container { get; private set; } = [];

    /// <summary>Lines of packets, repeated ones too.</summary>
    internal int Lines { get; private set; }

    /// <summary>Whether a packet of a stream came twice: where the beginning and the end of a file are asked for, they overlap.</summary>
    internal bool Overlaps(int stream) => _overlapping.Contains(stream);

    /// <summary>The packets of a stream that are shown, in order of the file; null where one of them has no time.</summary>
    internal IReadOnlyList<VideoPacket>? Packets(int stream) =>
        _untimed.Contains(stream) ? null : _packets.TryGetValue(stream, out var list) ? list : [];

    /// <summary>The most ticks by which the time of a packet lies before that of the packet decoded before it; 0 in one recording. Of a complete list.</summary>
    internal long JumpBack(int stream) => _decodingOrder.GetValueOrDefault(stream).Back;

    internal void Add(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("packet|"u8)) AddPacket(line);
        else if (line.StartsWith("stream|"u8)) Streams.Add(Fields(line));
        else if (line.StartsWith("format|"u8)) Container = Fields(line);
    }

    private void AddPacket(ReadOnlySpan<byte> line)
    {
        Lines++;
        var flags = Value(line, "flags="u8);
        // Flag D: outside the part that the file's edit list shows.
        if (!Utf8Parser.TryParse(Value(line, "stream_index="u8), out int stream, out _) || flags.Contains((byte)'D')) return;
        if (!Utf8Parser.TryParse(Value(line, "pts="u8), out long timestamp, out _))
        {
            _untimed.Add(stream);
            Follow(stream, line);
            return;
        }
        if (!Utf8Parser.TryParse(Value(line, "pos="u8), out long position, out _)) position = -1;
        if (!_seen.Add((stream, position, timestamp)))
        {
            _overlapping.Add(stream);
            return;
        }
        Follow(stream, line);
        if (!Utf8Parser.TryParse(Value(line, "duration="u8), out long duration, out _)) duration = 0;
        if (!_packets.TryGetValue(stream, out var packets)) _packets.Add(stream, packets = []);
        packets.Add(new(timestamp, duration, flags.Contains((byte)'K')));
    }

    private void Follow(int stream, ReadOnlySpan<byte> line)
    {
        if (!Utf8Parser.TryParse(Value(line, "dts="u8), out long decoded, out _)) return;
        var (last, back) = _decodingOrder.GetValueOrDefault(stream, (decoded, 0));
        _decodingOrder[stream] = (decoded, Math.Max(back, last - decoded));
    }

    private static Dictionary<string, string> Fields(ReadOnlySpan<byte> line)
    {
        var fields = new Dictionary<string, string>();
        foreach (var field in Encoding.UTF8.GetString(line).Split('|').Skip(1))
            if (field.Split('=', 2) is [var name, var value]) fields[name] = value;
        return fields;
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key)
    {
        foreach (var field in line.Split((byte)'|'))
            if (line[field].StartsWith(key)) return line[field][key.Length..];
        return [];
    }

    /// <summary>A number of a field; null where it is absent, "N/A" or no finite number.</summary>
    internal static double? Number(IReadOnlyDictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) ? number : null;

    /// <summary>A positive number of a field; null where there is none.</summary>
    internal static double? Positive(IReadOnlyDictionary<string, string> fields, string name) => Number(fields, name) is > 0 and var number ? number : null;
}
