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
    internal double? Frame { get; } = Source.OptionalNumber("frame")?.GetDouble();

    /// <summary>Seconds of the frame; null where the line does not say.</summary>
    internal double? Time { get; } = Source.OptionalNumber("time")?.GetDouble();

    /// <summary>
    /// Reads a file of captions: "video" and "caption" must be there, "start", "end", "captioner", "frame" and "time" may.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="timed">Whether "time" must be there too.</param>
    /// <exception cref="InvalidDataException">A line is broken.</exception>
    /// <exception cref="UserErrorException">There is none.</exception>
    internal static List<CaptionLine> ReadFile(string path, bool timed = false)
    {
        var lines = JsonLines.Read(path, line =>
        {
            var read = new CaptionLine(line.Clip(), line.RequiredText("caption"), line with { Object = line.Object.Clone() });
            return read.Time is null && timed ? throw line.Error("\"time\" is missing; expected the second of the captioned frame") : read;
        });
        return lines.Count > 0 ? lines : throw new UserErrorException($"'{path}' holds no caption; expected lines like {{\"video\":\"clips/dog.mp4\",\"caption\":\"a dog runs\"}}.");
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
