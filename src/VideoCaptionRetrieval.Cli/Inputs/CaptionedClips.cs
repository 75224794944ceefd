using Microsoft.ML;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Captions of a file, given to the clips that they are about.</summary>
internal static class CaptionedClips
{
    private sealed record Row(string VideoId, string VideoPath, float ClipStart, float ClipEnd, string[] Captions);

    /// <summary>Captions by the clips' names, in the order of the file.</summary>
    /// <exception cref="UserErrorException">Captions of a video that is not among the clips.</exception>
    internal static ILookup<string, string> Read(string path, IReadOnlyList<VideoClip> clips)
    {
        var lines = CaptionLine.ReadFile(path);
        var known = clips.Select(clip => VideoListing.Normalise(clip.VideoId)).ToHashSet(StringComparer.Ordinal);
        var unknown = lines.Select(line => line.Clip.VideoId).Distinct().Where(id => !known.Contains(VideoListing.Normalise(id))).ToList();
        if (unknown.Count > 0)
        {
            const int Shown = 3;
            throw new UserErrorException($"'{path}' has captions of {unknown.Count} video(s) that are not given: '{string.Join("', '", unknown.Take(Shown))}'"
                + $"{(unknown.Count > Shown ? ", …" : "")}. Videos are named as they are given, such as '{clips[0].VideoId}'.");
        }
        return lines.ToLookup(line => VideoListing.Normalise(line.Clip.VideoId), line => line.Caption);
    }

    /// <summary>The clips with a column of captions; a clip without any has an empty vector.</summary>
    internal static IDataView Load(MLContext mlContext, IReadOnlyList<VideoClip> clips, ILookup<string, string> captions) =>
        mlContext.Data.LoadFromEnumerable(clips.Select(clip => new Row(
            clip.VideoId, clip.Path, (float)clip.Start, (float)clip.End, [.. captions[VideoListing.Normalise(clip.VideoId)]])).ToArray());
}
