using System.Text.Json;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>One line of a file of captions.</summary>
/// <param name="Clip">The video, or part of one, that the caption is about.</param>
/// <param name="Caption">The text.</param>
/// <param name="Captioner">Who wrote it; empty where the line does not say.</param>
/// <param name="Time">Seconds of the frame; null where the line does not say.</param>
/// <param name="Json">The line as it was read.</param>
internal sealed record CaptionLine(VideoClip Clip, string Caption, string Captioner, double? Time, JsonElement Json)
{
    /// <summary>Reads "video" and "caption", which must be there, and "start", "end", "captioner", "time", which may.</summary>
    internal static CaptionLine Read(JsonLine line) => new(
        line.Clip(), line.RequiredText("caption"), line.OptionalText("captioner") ?? "", line.OptionalNumber("time")?.GetDouble(), line.Object.Clone());

    /// <summary>Reads a file of captions.</summary>
    /// <exception cref="UserErrorException">It holds none.</exception>
    internal static List<CaptionLine> ReadFile(string path)
    {
        var lines = JsonLines.Read(path, Read);
        return lines.Count > 0 ? lines : throw new UserErrorException($"'{path}' holds no caption; expected lines like {{\"video\":\"clips/dog.mp4\",\"caption\":\"a dog runs\"}}.");
    }

    /// <summary>The keys that name a clip: "video", and "start" and "end" with the numbers as they were written.</summary>
    internal static Dictionary<string, object> NamingKeys(VideoClip clip)
    {
        var keys = new Dictionary<string, object> { ["video"] = clip.Path };
        if (clip.VideoId.Length <= clip.Path.Length) return keys;
        var bounds = clip.VideoId[(clip.Path.Length + 1)..];            // path#start-end
        if (!double.IsNaN(clip.Start)) keys["start"] = Number(bounds, clip.Start, fromEnd: false);
        if (!double.IsNaN(clip.End)) keys["end"] = Number(bounds, clip.End, fromEnd: true);
        return keys;
    }

    private static JsonElement Number(string bounds, double value, bool fromEnd)
    {
        // Numbers may hold a '-' themselves (1e-1): the part that reads as the value is the one.
        for (var at = bounds.IndexOf('-'); at >= 0; at = bounds.IndexOf('-', at + 1))
        {
            var part = fromEnd ? bounds[(at + 1)..] : bounds[..at];
            if (double.TryParse(part, out var number) && number == value) return JsonDocument.Parse(part).RootElement;
        }
        return JsonSerializer.SerializeToElement(value, CommandContext.JsonStyle);
    }
}
