using System.CommandLine;
using System.Globalization;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>--weight PATH=N: how often the videos of one of the paths are drawn in a training.</summary>
internal static class PathWeights
{
    private const string Name = "--weight";

    internal static Option<string[]> Option() => new(Name)
    {
        Description = "PATH=N: draw each video of this PATH N times as often as those of the other paths (0 = never); for several paths, repeat it.",
        HelpName = "PATH=N",
    };

    /// <summary>The weight of each clip, that of the first path that names it or else 1; null where no weight is given.</summary>
    /// <param name="clips">What the paths name.</param>
    /// <param name="paths">The paths.</param>
    /// <param name="given">Values of the option.</param>
    /// <exception cref="UsageException">A value is not of the form PATH=N, or its path is not among the paths.</exception>
    internal static IReadOnlyList<float>? Resolve(IReadOnlyList<VideoClip> clips, IReadOnlyList<string> paths, IReadOnlyList<string> given)
    {
        if (given.Count == 0) return null;
        var ofPath = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var (path, weight) in given.Select(Parse))
        {
            if (!paths.Any(one => Key(one) == Key(path)))
                throw new UsageException($"{Name}: '{path}' is none of the paths; expected one of '{string.Join("', '", paths)}'.");
            if (!ofPath.TryAdd(Key(path), weight)) throw new UsageException($"{Name}: '{path}' is given twice.");
        }
        var ofClip = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var path in paths)
            foreach (var clip in VideoListing.Read(path)) ofClip.TryAdd(VideoListing.Normalise(clip.VideoId), ofPath.GetValueOrDefault(Key(path), 1));
        return [.. clips.Select(clip => ofClip[VideoListing.Normalise(clip.VideoId)])];
    }

    private static (string Path, float Weight) Parse(string value)
    {
        var at = value.LastIndexOf('=');        // a path may hold one
        var isNumber = float.TryParse(value[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var weight);
        return at > 0 && isNumber && weight >= 0 && float.IsFinite(weight)
            ? (value[..at], weight)
            : throw new UsageException($"{Name}: found '{value}', expected PATH=N with a number N of at least 0.");
    }

    private static string Key(string path) => VideoListing.Normalise(path).TrimEnd('/');
}
