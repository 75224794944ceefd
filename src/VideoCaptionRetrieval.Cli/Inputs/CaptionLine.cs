using System.Text.Json;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>One line of a file of captions.</summary>
/// <param name="Clip">The video, or part of one, that the caption is about.</param>
/// <param name="Caption">The text.</param>
/// <param name="Source">The line as it was read, for errors and for what is written again.</param>
internal sealed record CaptionLine(VideoClip Clip, string Caption, JsonLine Source)
{
    /// <summary>The video's name as it is compared.</summary>
    internal string Video { get; } = VideoListing.Normalise(Clip.VideoId);

    /// <summary>Who wrote it; empty where the line does not say.</summary>
    internal string Captioner { get; } = Source.OptionalText("captioner") ?? "";

    /// <summary>Number of the frame; null where the line does not say.</summary>
    internal double? Frame { get; } = NotNegative(Source, "frame");

    /// <summary>Seconds of the frame; null where the line does not say.</summary>
    internal double? Time { get; } = NotNegative(Source, "time");

    /// <summary>
    /// Reads a file of captions, line by line as it is asked for: "video" and "caption" must be there, "start", "end", "captioner", "frame" and
    /// "time" may.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Takes what is needed of a line; what it does not take is gone afterwards.</param>
    /// <param name="timed">Whether "time" must be there too.</param>
    /// <exception cref="InvalidDataException">A line is broken.</exception>
    /// <exception cref="UserErrorException">There is none.</exception>
    internal static IEnumerable<T> Read<T>(string path, Func<CaptionLine, T> read, bool timed = false)
    {
        var any = false;
        foreach (var value in JsonLines.Stream(path, line => read(Of(line, timed))))
        {
            any = true;
            yield return value;
        }
        if (!any) throw new UserErrorException($"'{path}' holds no caption; expected lines like {{\"video\":\"clips/dog.mp4\",\"caption\":\"a dog runs\"}}.");
    }

    /// <summary>Reads one line; it is valid as long as the line's JSON is.</summary>
    internal static CaptionLine Of(JsonLine line, bool timed)
    {
        var read = new CaptionLine(line.Clip(), line.RequiredText("caption"), line);
        return read.Time is null && timed ? throw line.Error("\"time\" is missing; expected the second of the captioned frame") : read;
    }

    private static double? NotNegative(JsonLine line, string name)
    {
        if (line.OptionalNumber(name) is not { } number) return null;
        return number.GetDouble() is >= 0 and var value ? value : throw line.Error($"\"{name}\" has to be 0 or more, found '{number.GetRawText()}'");
    }

    /// <summary>The keys that name a clip: "video", and "start" and "end" with the numbers as they were written.</summary>
    internal static Dictionary<string, object> NamingKeys(VideoClip clip)
    {
        var (video, start, end) = ClipName.Split(clip.VideoId, clip.Start, clip.End);
        var keys = new Dictionary<string, object> { ["video"] = video };
        if (start is not null) keys["start"] = JsonElement.Parse(start);
        if (end is not null) keys["end"] = JsonElement.Parse(end);
        return keys;
    }
}
