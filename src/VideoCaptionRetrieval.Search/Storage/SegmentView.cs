namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>A segment less the videos that were removed or replaced since it was written. Immutable.</summary>
internal sealed class SegmentView
{
    private readonly bool[] _removed;

    internal SegmentView(SegmentEntry entry, Segment segment)
    {
        (Entry, Segment, _removed) = (entry, segment, new bool[segment.VideoIds.Length]);
        foreach (var row in entry.Removed) _removed[row] = true;
        LiveFrames = LiveRows.Sum(row => (long)segment.FrameCount(row));
    }

    internal SegmentEntry Entry { get; }

    internal Segment Segment { get; }

    internal long LiveFrames { get; }

    internal bool IsEmpty => Entry.Removed.Length == Entry.Videos;

    internal IEnumerable<int> LiveRows => Enumerable.Range(0, _removed.Length).Where(row => !_removed[row]);

    internal bool IsLive(int row) => !_removed[row];

    /// <summary>The same segment without some of its videos.</summary>
    internal SegmentView Without(IReadOnlySet<string> videoIds)
    {
        var gone = LiveRows.Where(row => videoIds.Contains(Segment.VideoIds[row])).ToArray();
        return gone.Length == 0 ? this : new(Entry with { Removed = [.. Entry.Removed.Concat(gone).Order()] }, Segment);
    }
}
