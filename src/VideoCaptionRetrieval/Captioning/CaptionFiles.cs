using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parquet.Serialization;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>Reads and writes files of captions: JSON lines and Parquet.</summary>
public static class CaptionFiles
{
    private static readonly byte[] ParquetMagic = "PAR1"u8.ToArray();

    /// <summary>A row of a Parquet file.</summary>
    private sealed class Row
    {
        [JsonPropertyName("video")] public string Video { get; set; } = "";
        [JsonPropertyName("start")] public double? Start { get; set; }
        [JsonPropertyName("end")] public double? End { get; set; }
        [JsonPropertyName("captioner")] public string Captioner { get; set; } = "";
        [JsonPropertyName("frame")] public int Frame { get; set; }
        [JsonPropertyName("time")] public double? Time { get; set; }
        [JsonPropertyName("caption")] public string Caption { get; set; } = "";
        [JsonPropertyName("content")] public string Content { get; set; } = "";
        [JsonPropertyName("identity")] public string Identity { get; set; } = "";
    }

    internal static void WriteJsonLines(string path, IEnumerable<CaptionRecord> captions) => Create(path, file =>
    {
        foreach (var caption in captions) CaptionJson.Write(file, caption);
    });

    internal static void WriteParquet(string path, IEnumerable<CaptionRecord> captions) => Create(path, file =>
        ParquetSerializer.SerializeAsync(captions.Select(ToRow), file).GetAwaiter().GetResult());

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or holds something else.</exception>
    public static IEnumerable<CaptionRecord> Read(string path) =>
        IsParquet(path) ? ReadParquet(path) : JsonLines.Stream(path, line => CaptionJson.Read(line));

    /// <summary>Whether a file is Parquet, by its first bytes.</summary>
    public static bool IsParquet(string path)
    {
        if (!File.Exists(path)) return false;
        using var file = File.OpenRead(path);
        var head = new byte[ParquetMagic.Length];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.AsSpan().SequenceEqual(ParquetMagic);
    }

    private static IEnumerable<CaptionRecord> ReadParquet(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return [.. ParquetSerializer.DeserializeAsync<Row>(file).GetAwaiter().GetResult().Data.Select(ToRecord)];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidDataException($"'{path}' is no Parquet file of captions, or damaged ({e.Message})", e);
        }
    }

    private static Row ToRow(CaptionRecord caption) => new()
    {
        Video = ClipName.Split(caption.VideoId, caption.Start, caption.End).Video,
        Start = Given(caption.Start),
        End = Given(caption.End),
        Captioner = caption.Captioner,
        Frame = caption.Frame,
        Time = Given(caption.Time),
        Caption = caption.Caption,
        Content = caption.Content,
        Identity = caption.Identity,
    };

    private static CaptionRecord ToRecord(Row row) => new()
    {
        VideoId = row.Start is null && row.End is null ? row.Video : Invariant($"{row.Video}#{row.Start}-{row.End}"),
        Start = row.Start ?? double.NaN,
        End = row.End ?? double.NaN,
        Captioner = row.Captioner,
        Frame = row.Frame,
        Time = row.Time ?? double.NaN,
        Caption = row.Caption,
        Content = row.Content,
        Identity = row.Identity,
    };

    private static double? Given(double seconds) => double.IsNaN(seconds) ? null : seconds;

    private static void Create(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, write);
    }
}

/// <summary>
/// A caption as a line of JSON: {"video","start","end","captioner","frame","time","caption","content","identity"}; NaN is left out.
/// </summary>
internal static class CaptionJson
{
    private const byte NewLine = (byte)'\n';
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Write(Stream lines, CaptionRecord caption)
    {
        using (var json = new Utf8JsonWriter(lines, Readable))
        {
            json.WriteStartObject();
            var (video, start, end) = ClipName.Split(caption.VideoId, caption.Start, caption.End);
            json.WriteString("video", video);
            WriteNumber(json, "start", start);
            WriteNumber(json, "end", end);
            json.WriteString("captioner", caption.Captioner);
            json.WriteNumber("frame", caption.Frame);
            if (!double.IsNaN(caption.Time)) json.WriteNumber("time", caption.Time);
            json.WriteString("caption", caption.Caption);
            json.WriteString("content", caption.Content);
            json.WriteString("identity", caption.Identity);
            json.WriteEndObject();
        }
        lines.WriteByte(NewLine);
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="shared">Returns one instance for equal strings of a key, since most lines repeat those of others; null = no sharing.</param>
    /// <exception cref="InvalidDataException">Something is missing, or is no text or no number; the message names the line.</exception>
    internal static CaptionRecord Read(JsonLine line, Func<string, string>? shared = null)
    {
        shared ??= text => text;
        var clip = line.RequiredText("video").Length > 0 ? line.Clip() : new VideoClip("", "");      // a user's own frames have no video
        return new()
        {
            VideoId = clip.VideoId,
            Start = clip.Start,
            End = clip.End,
            Captioner = line.RequiredText("captioner"),
            Frame = (int)(line.OptionalNumber("frame")?.GetDouble() ?? 0),
            Time = line.OptionalNumber("time")?.GetDouble() ?? double.NaN,
            Caption = line.RequiredText("caption"),
            Content = shared(line.RequiredText("content")),
            Identity = shared(line.RequiredText("identity")),
        };
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, string? number)
    {
        if (number is null) return;
        json.WritePropertyName(name);
        json.WriteRawValue(number);
    }
}
