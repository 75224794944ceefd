using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>An index as it was at one time, in memory. Immutable, so that searches continue while the folder changes.</summary>
internal sealed class IndexSnapshot
{
    private IndexSnapshot(string json, IndexManifest manifest, IndexSettings settings, IReadOnlyList<SegmentView> views)
    {
        (Json, Manifest, Settings, Views) = (json, manifest, settings, views);
        VideoIds = new(views);
        Slices = SegmentSlice.Divide(views);
        FrameCount = views.SelectMany(view => view.LiveRows.Select(view.Segment.FrameCount)).Where(count => count > 0).CountBy(count => count)
            .OrderByDescending(one => one.Value).ThenBy(one => one.Key).Select(one => one.Key).FirstOrDefault(settings.FrameCount);
    }

    /// <summary>The text of index.json.</summary>
    internal string Json { get; }

    internal IndexManifest Manifest { get; }

    internal IndexSettings Settings { get; }

    internal IReadOnlyList<SegmentView> Views { get; }

    internal LiveVideoIds VideoIds { get; }

    /// <summary>The number of frames that most videos have; that of the settings where there is none.</summary>
    internal int FrameCount { get; }

    /// <summary>The units of work of a search, which its threads take one by one.</summary>
    internal IReadOnlyList<SegmentSlice> Slices { get; }

    /// <summary>Creates the snapshot of views that are on disk.</summary>
    internal static IndexSnapshot From(IndexSettings settings, string? text, IReadOnlyList<SegmentView> views)
    {
        var manifest = IndexManifest.From(settings, text, [.. views.Select(view => view.Entry)]);
        return new(manifest.ToJson(), manifest, settings, views);
    }

    /// <summary>Reads and checks the current index of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="previous">An earlier snapshot, whose segments need not be read again; null for none.</param>
    internal static IndexSnapshot Load(IndexFolder folder, IndexSnapshot? previous = null)
    {
        // A writer may replace the index between its description and its data files; that is rare, and then the next description is whole.
        const int Attempts = 10;
        for (var attempt = 1; ; attempt++)
        {
            var json = folder.ReadManifest();
            if (json == previous?.Json) return previous;
            try
            {
                return Load(folder, json, previous);
            }
            catch (ModelFileException) when (attempt < Attempts && folder.ReadManifest() != json)
            {
                continue;
            }
        }
    }

    private static IndexSnapshot Load(IndexFolder folder, string json, IndexSnapshot? previous)
    {
        var manifest = IndexManifest.Parse(folder.ManifestPath, json);
        var settings = manifest.ToSettings(folder.ManifestPath);
        if (manifest.Text is { } text && !Directory.Exists(folder.Combine(text)))
            throw CorruptIndex.Fault(folder.Combine(text), "the folder is missing, and index.json names it.");
        var known = previous?.Views.ToDictionary(view => view.Entry.File, view => view.Segment) ?? [];
        var views = new SegmentView[manifest.Segments.Count];
        for (var at = 0; at < views.Length; at++)
        {
            var entry = manifest.Segments[at];
            var segment = known.GetValueOrDefault(entry.File) ?? SegmentFile.Read(folder.Combine(entry.File), entry, settings.Dimension);
            views[at] = View(folder, entry, segment);
        }
        RequireOnce(folder, views, known);
        return new(json, manifest, settings, views);
    }

    /// <summary>Checks that no video stands in two places; those of segments that were loaded before were checked then.</summary>
    private static void RequireOnce(IndexFolder folder, SegmentView[] views, Dictionary<string, Segment> known)
    {
        foreach (var view in views.Where(view => !known.ContainsKey(view.Entry.File)))
        {
            var others = views.Where(other => other != view).ToArray();
            if (!view.Segment.HasOneRowForEachName || view.LiveRows.Any(row => others.Any(other => other.Row(view.Segment.VideoIds[row]) is not null)))
                throw CorruptIndex.Fault(folder.ManifestPath, "a video stands in two data files.");
        }
    }

    private static SegmentView View(IndexFolder folder, SegmentEntry entry, Segment segment)
    {
        if (entry.Removed.Any(row => row < 0 || row >= entry.Videos))
            throw CorruptIndex.Fault(folder.ManifestPath, $"'{entry.File}' has {entry.Videos} videos, and a removed one is outside of them.");
        return new(entry, segment);
    }
}
