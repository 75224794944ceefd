using System.Globalization;
using Microsoft.ML;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Retrieval;
using VideoCaptionRetrieval.Search;
using VideoCaptionRetrieval.Search.Storage;

namespace VideoCaptionRetrieval;

/// <summary>
/// A folder of embedded videos that is searched with texts: exact query scoring over the stored frame embeddings. It holds its text
/// side (the text tower, the tokenizer, τ), so that searching needs nothing else.
/// </summary>
/// <remarks>
/// Every change is one atomic step on the disk; a second process that writes at the same time gets an <see cref="IOException"/>.
/// Searching is thread-safe, also while videos are added. The text tower is opened by the first search; dispose the index to free it.
/// </remarks>
public sealed class VideoIndex : IDisposable
{
    /// <summary>Videos that are embedded between two writes: a run that is ended loses no more than these.</summary>
    private const int VideosPerWrite = 64;

    private readonly EmbeddingIndex _index;
    private readonly SharedNetwork<ITextEncoder> _text;

    private VideoIndex(EmbeddingIndex index, InferenceOptions inference)
    {
        _index = index;
        inference.Validate();
        _text = new(() => CheckpointFormats.OpenText(index.TextFolder
            ?? throw new ModelFileException(index.Path, "the index has no text side; make it again with VideoIndex.Create."), inference),
            nameof(VideoIndex));
    }

    /// <summary>The number of videos.</summary>
    public int Count => _index.VideoIds.Count;

    /// <summary>The videos' names, in no order.</summary>
    public IReadOnlyCollection<string> VideoIds => _index.VideoIds;

    /// <summary>The number of frames that videos were sampled with when the index was made.</summary>
    public int FrameCount => _index.Settings.FrameCount;

    /// <summary>Videos that the last <see cref="Create"/> or <see cref="Add"/> of this object left out, and why.</summary>
    public IReadOnlyList<SkippedVideo> Skipped { get; private set; } = [];

    /// <summary>
    /// Makes an index of videos; one that is there already is replaced, in one step, when the first videos are embedded. Until then
    /// nothing is written.
    /// </summary>
    /// <param name="path">The folder: new, empty, or an index.</param>
    /// <param name="model">A fitted pipeline with a retrieval transformer, or that transformer alone. Its captioners do not run.</param>
    /// <param name="videos">
    /// What <paramref name="model"/> takes, with the column VideoId (Text). Rows with one name replace each other.
    /// </param>
    /// <param name="options">Column name, progress, cancellation; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The model has no retrieval transformer, or a column is missing.</exception>
    /// <exception cref="ModelFileException">The folder holds something else.</exception>
    public static VideoIndex Create(string path, ITransformer model, IDataView videos, VideoIndexOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(videos);
        var stage = RetrievalStage.Of(model);
        new IndexFolder(path).RequireOwn();
        _ = stage.Encoder;      // opened now, so that a damaged checkpoint is found before anything is decoded or written
        var settings = Settings(stage);
        EmbeddingIndex? index = null;
        EmbeddingIndex Store(IReadOnlyList<IndexedVideo> part) => EmbeddingIndex.Create(
            path, settings, part, writeText: stage.Checkpoint.ExtractText, overwrite: true);
        options ??= new();
        var skipped = Embed(model, videos, options, part =>
        {
            if (index is null) index = Store(part);
            else index.Upsert(part);
        });
        return new(index ?? Store([]), options.Inference) { Skipped = skipped };
    }

    /// <summary>Opens an index and checks its files.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="inference">How texts are embedded; null computes in float32 with all cores.</param>
    /// <exception cref="ModelFileException">The folder is missing, is no index, or is damaged.</exception>
    public static VideoIndex Open(string path, InferenceOptions? inference = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(EmbeddingIndex.Open(path), inference?.Copy() ?? new());
    }

    /// <summary>The times of a video's frames, in seconds from its start; empty where the index does not hold it.</summary>
    internal ReadOnlyMemory<double> FrameTimes(string videoId) => _index.Times(videoId);

    /// <summary>Whether a folder holds an index.</summary>
    internal static bool Exists(string path) => EmbeddingIndex.Exists(path);

    /// <summary>Adds videos; one whose name is there already is replaced.</summary>
    /// <param name="model">The model that the index was made with.</param>
    /// <param name="videos">What <paramref name="model"/> takes, with the column VideoId (Text).</param>
    /// <param name="options">Column name, progress, cancellation; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The model has no retrieval transformer, or a column is missing.</exception>
    /// <exception cref="InvalidOperationException">The model is another one.</exception>
    public void Add(ITransformer model, IDataView videos, VideoIndexOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(videos);
        RequireSameModel(RetrievalStage.Of(model));
        Skipped = Embed(model, videos, options ?? new(), _index.Upsert);
    }

    /// <summary>Removes videos.</summary>
    /// <param name="videoIds">Their names; unknown ones do not count.</param>
    /// <returns>The number of videos that were there.</returns>
    public int Remove(params IEnumerable<string> videoIds)
    {
        ArgumentNullException.ThrowIfNull(videoIds);
        return _index.Remove(videoIds);
    }

    /// <summary>The best videos for a text, best first; equal scores by name, ordinal.</summary>
    /// <param name="text">What to look for.</param>
    /// <param name="top">The largest number of hits, at least 1.</param>
    /// <param name="cancellationToken">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ModelFileException">The text side is damaged.</exception>
    public IReadOnlyList<VideoHit> Search(string text, int top = 10, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        cancellationToken.ThrowIfCancellationRequested();
        return [.. _index.Search(_text.Get().Embed(text), top, cancellationToken).Select(hit =>
            new VideoHit(hit.VideoId, hit.Score, hit.Time, hit.FrameIndex))];
    }

    /// <summary>
    /// Ranks hits anew by a BLIP's matching head, which reads the text with all frames of a video: the score is then the one of the search plus
    /// the logit of 'they match'. The index holds no more of a video than its embeddings, so its frames are read and encoded again: about as
    /// long as indexing the hits takes. BLIP's authors re-rank 128.
    /// </summary>
    /// <param name="text">What the hits were found with.</param>
    /// <param name="hits">What <see cref="Search"/> gave.</param>
    /// <param name="model">The model that the index was made with, of a BLIP checkpoint for retrieval.</param>
    /// <param name="videos">
    /// What <paramref name="model"/> takes, with the column VideoId (Text). Only the hits' rows are used; leave others out, for a sampler may
    /// read them ahead.
    /// </param>
    /// <param name="options">Column name, progress (videos read again), cancellation; null takes the defaults.</param>
    /// <returns>
    /// The same hits, best first; equal scores by name, ordinal. Those that <paramref name="videos"/> lacks, or that cannot be read, follow as
    /// they were.
    /// </returns>
    /// <exception cref="ArgumentException">The model is a CLIP, or a column is missing.</exception>
    /// <exception cref="InvalidOperationException">The model is another one.</exception>
    public IReadOnlyList<VideoHit> Rerank(
        string text, IReadOnlyList<VideoHit> hits, ITransformer model, IDataView videos, VideoIndexOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(hits);
        ArgumentNullException.ThrowIfNull(videos);
        options ??= new();
        var stage = RetrievalStage.Of(model);
        RequireSameModel(stage);
        var matcher = VideoMatching.Of(stage);
        var (names, logits) = (hits.Select(hit => hit.VideoId).ToHashSet(StringComparer.Ordinal), new Dictionary<string, double>(StringComparer.Ordinal));
        var reader = new EmbeddedVideoReader(model, options.VideoIdColumnName);
        foreach (var (name, frames) in reader.ReadFrames(videos, names.Contains, options.CancellationToken))
        {
            logits[name] = VideoMatching.Logits(matcher, frames, [[text]])[0];
            options.Progress?.Report(logits.Count);
        }
        var read = hits.ToLookup(hit => logits.ContainsKey(hit.VideoId));
        return
        [
            .. read[true].Select(hit => hit with { Score = hit.Score + logits[hit.VideoId] })
                .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.VideoId, StringComparer.Ordinal),
            .. read[false],
        ];
    }

    /// <summary>Checks that a model is the one that the index was made with.</summary>
    /// <exception cref="InvalidOperationException">It is another one.</exception>
    internal void RequireSameModel(MultiCaptionRetrievalTransformer stage)
    {
        var (own, given) = (_index.Settings, Settings(stage));
        if (own.Model != given.Model || own.Scoring != given.Scoring || own.Dimension != given.Dimension)
        {
            throw new InvalidOperationException($"The index '{_index.Path}' was made with another model: {Describe(own)}; this one is "
                + $"{Describe(given)}. Use that model, or make a new index.");
        }
    }

    /// <summary>Frees the text tower.</summary>
    public void Dispose() => _text.Dispose();

    private static List<SkippedVideo> Embed(
        ITransformer model, IDataView videos, VideoIndexOptions options, Action<IReadOnlyList<IndexedVideo>> store)
    {
        var reader = new EmbeddedVideoReader(model, options.VideoIdColumnName);
        foreach (var part in Counted(reader.Read(videos, options.CancellationToken), options.Progress).Chunk(VideosPerWrite))
        {
            store([.. part.GroupBy(video => video.VideoId).Select(same => same.Last())
                .Select(video => new IndexedVideo(video.VideoId, video.Frames, video.Times))]);
        }
        return [.. reader.Skipped];
    }

    private static IndexSettings Settings(MultiCaptionRetrievalTransformer stage) =>
        new(stage.Dimension, stage.Scoring, stage.FrameCount, stage.Identity);

    private static string Describe(IndexSettings settings) => string.Create(CultureInfo.InvariantCulture,
        $"SHA-256 {settings.Model[..Math.Min(settings.Model.Length, 12)]}…, {settings.Scoring.Pooling}, "
        + $"temperature {settings.Scoring.Temperature}");

    private static IEnumerable<EmbeddedVideo> Counted(IEnumerable<EmbeddedVideo> videos, IProgress<int>? progress)
    {
        var count = 0;
        foreach (var video in videos)
        {
            progress?.Report(++count);
            yield return video;
        }
    }
}
