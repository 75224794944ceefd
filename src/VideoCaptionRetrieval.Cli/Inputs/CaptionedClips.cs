using Microsoft.ML;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Captions of a file, given to the clips that they are about.</summary>
internal static class CaptionedClips
{
    private sealed record Row(string VideoId, string VideoPath, float ClipStart, float ClipEnd, float Weight, string[] Captions);

    /// <summary>Captions by the clips' normalised names, in the order of the file.</summary>
    /// <exception cref="InvalidDataException">Captions of a video that is not among the clips, or a broken line.</exception>
    internal static ILookup<string, string> Read(string path, IReadOnlyList<VideoClip> clips)
    {
        var lines = CaptionLine.ReadFile(path);
        var known = clips.Select(clip => VideoListing.Normalise(clip.VideoId)).ToHashSet(StringComparer.Ordinal);
        var unknown = lines.Where(line => !known.Contains(line.Video)).ToList();
        if (unknown.Count > 0)
        {
            var others = unknown.DistinctBy(line => line.Video).Count() - 1;
            throw unknown[0].Source.Error($"the caption is about '{unknown[0].Clip.VideoId}', which is not among the {clips.Count} videos that are given"
                + $"{(others > 0 ? $", and neither are {others} other videos of the file" : "")}. Videos are named as they are given, such as '{clips[0].VideoId}'");
        }
        return lines.Where(line => !string.IsNullOrWhiteSpace(line.Caption)).ToLookup(line => line.Video, line => line.Caption);
    }

    /// <summary>The clips with columns of weights and captions; a clip without any has an empty vector.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="clips">The clips.</param>
    /// <param name="weights">How often each is drawn in a training; null = all alike.</param>
    /// <param name="captions">What <see cref="Read"/> gave.</param>
    /// <param name="report">Is told the number of rows that were read so far.</param>
    internal static IDataView Load(
        MLContext mlContext, IReadOnlyList<VideoClip> clips, IReadOnlyList<float>? weights, ILookup<string, string> captions, Action<int> report) =>
        mlContext.Data.LoadFromEnumerable(clips.Select((clip, index) =>
        {
            report(index);
            return new Row(clip.VideoId, clip.Path, (float)clip.Start, (float)clip.End, weights?[index] ?? 1, [.. captions[VideoListing.Normalise(clip.VideoId)]]);
        }));
}
