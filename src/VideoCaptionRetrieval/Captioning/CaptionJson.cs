using System.Text.Encodings.Web;
using System.Text.Json;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Captioning;

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
    /// <param name="shared">Gives one string for equal ones: most lines repeat what others say; null = none are shared.</param>
    /// <exception cref="InvalidDataException">Something is missing, or is no text or no number; the message names the line.</exception>
    internal static CaptionRecord Read(JsonLine line, Func<string, string>? shared = null)
    {
        shared ??= text => text;
        var clip = line.RequiredText("video").Length > 0 ? line.Clip() : new VideoClip("", "");      // a user's own frames have no video
        return new()
        {
            VideoId = shared(clip.VideoId),
            Start = clip.Start,
            End = clip.End,
            Captioner = shared(line.RequiredText("captioner")),
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
