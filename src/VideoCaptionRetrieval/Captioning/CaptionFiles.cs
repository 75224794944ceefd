using System.Text.Json.Serialization;
using Parquet.Serialization;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>Captions in files: JSON lines and Parquet.</summary>
internal static class CaptionFiles
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
    internal static IEnumerable<CaptionRecord> Read(string path) =>
        IsParquet(path) ? ReadParquet(path) : JsonLines.Read(path, line => CaptionJson.Read(line));

    /// <summary>Whether a file is Parquet, by its first bytes.</summary>
    internal static bool IsParquet(string path)
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
        VideoId = row.Start is null && row.End is null ? row.Video : FormattableString.Invariant($"{row.Video}#{row.Start}-{row.End}"),
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
