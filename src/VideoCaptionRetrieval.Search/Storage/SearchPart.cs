namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>Neighbouring videos of a segment that one thread scores in one go.</summary>
/// <param name="View">The segment.</param>
/// <param name="First">The first row.</param>
/// <param name="End">The row after the last.</param>
internal readonly record struct SearchPart(SegmentView View, int First, int End)
{
    // About 10 MB at 10 frames of 512 values: long enough to hide the cost of a task, short enough to share out evenly.
    private const int VideosPerPart = 512;

    internal static IReadOnlyList<SearchPart> Divide(IEnumerable<SegmentView> views) =>
    [
        .. from view in views
           from part in Enumerable.Range(0, (view.Entry.Videos + VideosPerPart - 1) / VideosPerPart)
           select new SearchPart(view, part * VideosPerPart, Math.Min((part + 1) * VideosPerPart, view.Entry.Videos)),
    ];

    /// <summary>Offers every video to <paramref name="hits"/>.</summary>
    internal void Search(ReadOnlySpan<float> query, double queryLength, IndexSettings settings, TopHits hits)
    {
        for (var row = First; row < End; row++)
        {
            if (!View.IsLive(row)) continue;
            var score = View.Segment.Score(row, query, queryLength, settings.Scoring);
            var id = View.Segment.VideoIds[row];
            if (hits.Accepts(score.Score, id)) hits.Add(new(id, score.Score, View.Segment.Time(row, score.BestFrame), score.BestFrame));
        }
    }
}
