using System.Collections;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>The names of the videos of an index, as its segments hold them: a change of the index copies none. Immutable.</summary>
internal sealed class LiveVideoIds(IReadOnlyList<SegmentView> views) : IReadOnlyCollection<string>
{
    public int Count { get; } = views.Sum(view => view.LiveVideos);

    public IEnumerator<string> GetEnumerator() =>
        views.SelectMany(view => view.LiveRows.Select(row => view.Segment.VideoIds[row])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal bool Contains(string videoId) => views.Any(view => view.Row(videoId) is not null);
}
