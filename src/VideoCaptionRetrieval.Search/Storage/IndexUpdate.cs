namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>Computes the next state of an index and writes its new data files; the caller commits it.</summary>
/// <remarks>
/// A change writes its own videos and merges smaller segments into them, so that n videos lie in O(log n) segments and each is copied O(log n)
/// times, whatever the sizes of the changes. A segment of which less than half is left is written again.
/// </remarks>
internal static class IndexUpdate
{
    /// <summary>Segments larger than 2^28 values, 1 GiB, are not merged.</summary>
    internal const long DefaultMaximumValues = 1 << 28;

    internal static IndexSnapshot Apply(IndexFolder folder, IndexSnapshot current, IReadOnlyList<IndexedVideo> added,
        IReadOnlySet<string> gone, long maximumValues = DefaultMaximumValues)
    {
        var dimension = current.Settings.Dimension;
        var written = added.ToList();
        var values = added.Sum(video => (long)video.Frames.Length);
        var kept = new List<SegmentView>();
        foreach (var view in current.Views.Select(view => view.Without(gone)).OrderBy(view => view.LiveFrames))
        {
            var live = view.LiveFrames * dimension;
            var wasted = 2 * view.LiveFrames < view.Entry.Frames;
            if (view.IsEmpty) continue;
            if (wasted || (live <= values && live + values <= maximumValues))
            {
                written.AddRange(view.LiveRows.Select(view.Segment.Video));
                values += live;
            }
            else
            {
                kept.Add(view);
            }
        }
        var views = kept.Concat(Batches(written, maximumValues).Select(batch => Write(folder, dimension, batch)));
        return IndexSnapshot.From(current.Settings, current.Manifest.Text, [.. views]);
    }

    private static SegmentView Write(IndexFolder folder, int dimension, IReadOnlyList<IndexedVideo> videos)
    {
        var segment = Segment.From(dimension, videos);
        return new(SegmentFile.Write(folder.NewSegmentPath(), dimension, segment), segment);
    }

    private static IEnumerable<IReadOnlyList<IndexedVideo>> Batches(List<IndexedVideo> videos, long maximumValues)
    {
        var batch = new List<IndexedVideo>();
        long values = 0;
        foreach (var video in videos)
        {
            if (batch.Count > 0 && values + video.Frames.Length > maximumValues)
            {
                yield return batch;
                (batch, values) = ([], 0);
            }
            batch.Add(video);
            values += video.Frames.Length;
        }
        if (batch.Count > 0) yield return batch;
    }
}
