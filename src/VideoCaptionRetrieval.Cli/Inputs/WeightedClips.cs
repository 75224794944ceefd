using Microsoft.ML;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Clips with a column that says how often each is drawn in a training.</summary>
internal static class WeightedClips
{
    /// <summary>The column.</summary>
    internal const string Column = nameof(Row.Weight);

    private sealed record Row(string VideoId, string VideoPath, float ClipStart, float ClipEnd, float Weight);

    /// <summary>VideoId, VideoPath, ClipStart, ClipEnd, Weight.</summary>
    internal static IDataView Load(MLContext mlContext, IReadOnlyList<VideoClip> clips, IReadOnlyList<float>? weights) => mlContext.Data.LoadFromEnumerable(
        clips.Select((clip, i) => new Row(clip.VideoId, clip.Path, (float)clip.Start, (float)clip.End, weights?[i] ?? 1)).ToArray());
}
