using Microsoft.ML;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>The data that 'vcr fit' trains on: clips, how often each is drawn, and captions of a file.</summary>
internal static class TrainingClips
{
    /// <summary>The column that says how often a clip is drawn.</summary>
    internal const string WeightColumn = nameof(WeightedClip.Weight);

    private sealed record WeightedClip(string VideoId, string VideoPath, float ClipStart, float ClipEnd, float Weight);

    private sealed record CaptionedClip(string VideoId, string VideoPath, float ClipStart, float ClipEnd, float Weight, string[] Captions);

    /// <summary>Reads a file of captions, by the clips' normalised names, in the order of the file.</summary>
    /// <exception cref="InvalidDataException">A caption is about a video that is not among the clips, or a line is broken.</exception>
    internal static IReadOnlyDictionary<string, IReadOnlyList<string>> ReadCaptions(string path, IReadOnlyList<VideoClip> clips)
    {
        var captions = clips.Select(clip => VideoListing.Normalise(clip.VideoId)).Distinct(StringComparer.Ordinal)
            .ToDictionary(video => video, _ => new List<string>(), StringComparer.Ordinal);
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        InvalidDataException? first = null;
        _ = CaptionLine.Read(path, Take).Count();
        if (first is null) return captions.Where(video => video.Value.Count > 0).ToDictionary(video => video.Key, video => (IReadOnlyList<string>)video.Value, StringComparer.Ordinal);
        throw unknown.Count == 1 ? first : new InvalidDataException($"{first.Message} {unknown.Count - 1} other videos of the file are not among them either.");

        bool Take(CaptionLine line)
        {
            if (captions.TryGetValue(line.Video, out var texts))
            {
                if (!string.IsNullOrWhiteSpace(line.Caption)) texts.Add(line.Caption);
                return true;
            }
            unknown.Add(line.Video);
            first ??= line.Source.Error($"the caption is about '{line.Clip.VideoId}', which is not among the {clips.Count} videos that are given. "
                + $"Videos are named as they are given, such as '{clips[0].VideoId}'");
            return true;
        }
    }

    /// <summary>Loads VideoId, VideoPath, ClipStart, ClipEnd, Weight.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="clips">The clips.</param>
    /// <param name="weights">How often each is drawn; null = all alike.</param>
    internal static IDataView Load(MLContext mlContext, IReadOnlyList<VideoClip> clips, IReadOnlyList<float>? weights) => mlContext.Data.LoadFromEnumerable(
        clips.Select((clip, i) => new WeightedClip(clip.VideoId, clip.Path, (float)clip.Start, (float)clip.End, weights?[i] ?? 1)).ToArray());

    /// <summary>Loads the same columns and Captions; a clip without any has an empty vector.</summary>
    /// <param name="mlContext">The context.</param>
    /// <param name="clips">The clips.</param>
    /// <param name="weights">How often each is drawn; null = all alike.</param>
    /// <param name="captions">What <see cref="ReadCaptions"/> returned.</param>
    /// <param name="report">Called with the number of rows read so far.</param>
    internal static IDataView Load(
        MLContext mlContext, IReadOnlyList<VideoClip> clips, IReadOnlyList<float>? weights, IReadOnlyDictionary<string, IReadOnlyList<string>> captions, Action<int> report) =>
        mlContext.Data.LoadFromEnumerable(clips.Select((clip, index) =>
        {
            report(index);
            return new CaptionedClip(
                clip.VideoId, clip.Path, (float)clip.Start, (float)clip.End, weights?[index] ?? 1, [.. captions.GetValueOrDefault(VideoListing.Normalise(clip.VideoId), [])]);
        }));
}
