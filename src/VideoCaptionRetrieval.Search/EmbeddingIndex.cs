using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Search.Hits;
using VideoCaptionRetrieval.Search.Storage;

namespace VideoCaptionRetrieval.Search;

/// <summary>
/// A folder of frame embeddings with exact query-scoring search. All members are thread-safe; searches never wait for writes. The index is
/// held in memory, 4·N·D bytes for a video of N frames. There is nothing to dispose.
/// </summary>
/// <remarks>
/// Every change is one atomic step on disk. Changes by other processes are seen after <see cref="Refresh"/>, and a change is made on top of
/// theirs. Damage to files is a <see cref="ModelFileException"/>, a second writer at the same time an
/// <see cref="IOException"/>.
/// </remarks>
internal sealed class EmbeddingIndex
{
    private readonly IndexFolder _folder;
    private readonly Lock _writing = new();
    private volatile IndexSnapshot _snapshot;

    private EmbeddingIndex(IndexFolder folder, IndexSnapshot snapshot) => (_folder, _snapshot) = (folder, snapshot);

    /// <summary>The absolute path of the folder.</summary>
    internal string Path => _folder.Path;

    /// <summary>The settings that the index was made with.</summary>
    internal IndexSettings Settings => _snapshot.Settings;

    /// <summary>The number of frames that most videos have; that of the settings where there is none.</summary>
    internal int FrameCount => _snapshot.FrameCount;

    /// <summary>The folder of the text encoder, whose content the index does not read; null where it has none.</summary>
    internal string? TextFolder => _snapshot.Manifest.Text is { } name ? _folder.Combine(name) : null;

    /// <summary>The videos, in no order.</summary>
    internal IReadOnlyCollection<string> VideoIds => _snapshot.VideoIds;

    /// <summary>The number of frames of all videos.</summary>
    internal long TotalFrames => _snapshot.Views.Sum(view => view.LiveFrames);

    /// <summary>Returns the times of a video's frames, in seconds; empty where the index does not hold the video.</summary>
    internal ReadOnlyMemory<double> Times(string videoId) => _snapshot.Views
        .Where(view => view.Row(videoId) is not null).Select(view => view.Segment.Video(view.Row(videoId)!.Value).Times)
        .FirstOrDefault();

    /// <summary>Whether a folder holds an index, whole or not.</summary>
    internal static bool Exists(string path) => new IndexFolder(path).HasManifest;

    /// <summary>Creates an index.</summary>
    /// <param name="path">The folder; created where it is missing. It must be empty or hold an index.</param>
    /// <param name="settings">The settings of the index.</param>
    /// <param name="videos">The first videos.</param>
    /// <param name="writeText">Writes the text encoder into the given folder; null = none.</param>
    /// <param name="overwrite">Whether an existing index is replaced, in one step; otherwise it is an error.</param>
    /// <exception cref="IOException">There is an index, or another process is writing it.</exception>
    internal static EmbeddingIndex Create(string path, IndexSettings settings, IReadOnlyList<IndexedVideo>? videos = null,
        Action<string>? writeText = null, bool overwrite = false)
    {
        settings.Validate();
        var added = videos ?? [];
        IndexedVideo.CheckAll(added, settings.Dimension);
        var folder = new IndexFolder(path);
        folder.RequireOwn();
        Directory.CreateDirectory(folder.Path);
        using var writer = folder.Lock();
        if (folder.HasManifest && !overwrite)
        {
            throw new IOException($"The folder '{folder.Path}' holds an index already. "
                + "Open it to change it, choose another folder, or ask to overwrite it.");
        }
        folder.DeleteOrphans(folder.HasManifest ? IndexManifest.Parse(folder.ManifestPath, folder.ReadManifest()) : null);
        var empty = IndexSnapshot.From(settings, writeText is null ? null : folder.WriteText(writeText), []);
        return new(folder, Commit(folder, IndexUpdate.Apply(folder, empty, added, new HashSet<string>())));
    }

    /// <summary>Opens an index and checks all of its files.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="ModelFileException">The folder is absent, is no index, or is damaged.</exception>
    internal static EmbeddingIndex Open(string path)
    {
        var folder = new IndexFolder(path);
        return new(folder, IndexSnapshot.Load(folder));
    }

    /// <summary>Loads the changes of other processes.</summary>
    /// <returns>Whether there was a change.</returns>
    /// <exception cref="InvalidOperationException">The index was replaced by one of another model.</exception>
    internal bool Refresh()
    {
        lock (_writing)
        {
            var before = _snapshot;
            _snapshot = LoadLatest();
            return _snapshot != before;
        }
    }

    /// <summary>Adds videos, and replaces those of the same name.</summary>
    /// <exception cref="ArgumentException">
    /// A video's embeddings have another shape than [N, D], or a name is empty or given twice.
    /// </exception>
    internal void Upsert(IReadOnlyList<IndexedVideo> videos)
    {
        IndexedVideo.CheckAll(videos, Settings.Dimension);
        if (videos.Count > 0) Change(videos, videos.Select(video => video.VideoId).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Removes videos.</summary>
    /// <returns>The number of videos that were there.</returns>
    internal int Remove(IEnumerable<string> videoIds)
    {
        var gone = videoIds.ToHashSet(StringComparer.Ordinal);
        return gone.Count == 0 ? 0 : Change([], gone);
    }

    /// <summary>
    /// Finds the best videos for a query, best first; equal scores by name, ordinal. Videos without frames are never found.
    /// </summary>
    /// <param name="query">The query's embedding [D], of any length.</param>
    /// <param name="top">Maximum number of hits, at least 1.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="InvalidDataException">The query holds NaN or infinity.</exception>
    /// <exception cref="ModelFileException">The embeddings of all videos do: an earlier version stored those of a broken model.</exception>
    internal IReadOnlyList<VideoHit> Search(ReadOnlySpan<float> query, int top, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var snapshot = _snapshot;
        if (query.Length != snapshot.Settings.Dimension)
            throw new ArgumentException(
                $"The query has {query.Length} values; this index holds embeddings of {snapshot.Settings.Dimension}.", nameof(query));
        FiniteEmbedding.Require("the query", query);
        var (copy, length, best) = (query.ToArray(), QueryScoring.Length(query), new TopHits(top));
        Parallel.For(0, snapshot.Slices.Count, new() { CancellationToken = cancellationToken }, () => new TopHits(top), (slice, _, hits) =>
        {
            snapshot.Slices[slice].Search(copy, length, snapshot.Settings, hits);
            return hits;
        }, hits =>
        {
            lock (best) best.Merge(hits);
        });
        if (best.IsEmpty && snapshot.Views.Any(view => view.LiveFrames > 0))
            throw new ModelFileException(Path, "its embeddings are not numbers: the model that made them was broken. Make the index again, with another model.");
        return best.ToArray();
    }

    private int Change(IReadOnlyList<IndexedVideo> added, HashSet<string> gone)
    {
        lock (_writing)
        {
            using var writer = _folder.Lock();
            var latest = _snapshot = LoadLatest();
            var removed = gone.Count(latest.VideoIds.Contains);
            if (removed == 0 && added.Count == 0) return 0;
            _folder.DeleteOrphans(latest.Manifest);
            _snapshot = Commit(_folder, IndexUpdate.Apply(_folder, latest, added, gone));
            return removed;
        }
    }

    private IndexSnapshot LoadLatest()
    {
        var (before, latest) = (_snapshot, IndexSnapshot.Load(_folder, _snapshot));
        return latest.Settings == before.Settings && latest.Manifest.Text == before.Manifest.Text
            ? latest
            : throw new InvalidOperationException(
                $"The index '{Path}' was replaced since it was opened, perhaps by one of another model. Open it again.");
    }

    private static IndexSnapshot Commit(IndexFolder folder, IndexSnapshot next)
    {
        folder.Commit(next.Json);
        folder.DeleteOrphans(next.Manifest);
        return next;
    }
}
