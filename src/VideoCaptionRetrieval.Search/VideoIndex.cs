using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Retrieval;
using VideoCaptionRetrieval.Search;
using VideoCaptionRetrieval.Search.Storage;

namespace VideoCaptionRetrieval;

/// <summary>
/// A folder of embedded videos that texts search, by exact query scoring over the stored frame embeddings. It holds the text tower, the
/// tokenizer and τ, so that searching needs nothing else.
/// </summary>
/// <remarks>
/// Every change is one atomic step on disk; a second process that writes at the same time gets an <see cref="IOException"/>. Changes by
/// other processes are seen after <see cref="Refresh"/>. Searching is thread-safe, also while videos are added. The first search opens the
/// text tower; dispose the index to free it.
/// </remarks>
public sealed class VideoIndex : IDisposable
{
    /// <summary>Videos are written in groups of this size: a cancelled run loses fewer than these.</summary>
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

    /// <summary>The number of frames that the index holds of a video; of several numbers, which 0.1 let in, the one that most videos have.</summary>
    public int FrameCount => _index.FrameCount;

    /// <summary>The videos that the last <see cref="Create"/> or <see cref="Add"/> of this object left out, with reasons.</summary>
    public IReadOnlyList<SkippedVideo> Skipped { get; private set; } = [];

    /// <summary>
    /// Creates an index of videos. An existing index is replaced, in one step, when the first videos are embedded; until then nothing is
    /// written.
    /// </summary>
    /// <param name="path">The folder: missing, empty, or an index.</param>
    /// <param name="model">A fitted pipeline with a retrieval transformer, or that transformer alone. Its captioners do not run.</param>
    /// <param name="videos">
    /// What <paramref name="model"/> takes, with the column VideoId (Text). Rows of one name are one video.
    /// </param>
    /// <param name="options">Column name, progress, cancellation; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The model has no retrieval transformer, or a column is missing.</exception>
    /// <exception cref="ModelFileException">The folder holds something else.</exception>
    /// <exception cref="InvalidDataException">Two rows of one name are about different files or parts, or hold different frames.</exception>
    public static VideoIndex Create(string path, ITransformer model, IDataView videos, VideoIndexOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(videos);
        var stage = RetrievalStage.Find(model);
        new IndexFolder(path).RequireOwn();
        _ = stage.Encoder;      // opened first, so that a damaged checkpoint shows before anything is decoded or written
        options ??= new();
        var settings = Settings(stage) with { FrameCount = new EmbeddedVideoReader(model, options.VideoIdColumnName).CountFrames(videos) };
        EmbeddingIndex? index = null;
        EmbeddingIndex Store(IReadOnlyList<IndexedVideo> part) => EmbeddingIndex.Create(
            path, settings, part, writeText: stage.Checkpoint.ExtractText, overwrite: true);
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

    /// <summary>Returns the times of a video's frames, in seconds from its start; empty where the index does not hold the video.</summary>
    internal ReadOnlyMemory<double> FrameTimes(string videoId) => _index.Times(videoId);

    /// <summary>Describes the index; opens no network.</summary>
    public VideoIndexDescription Describe() => new(Count, _index.TotalFrames, _index.Settings.Dimension, _index.Settings.Scoring, _index.Settings.Model,
        _index.TextFolder is { } folder ? CheckpointFormats.TextFamily(folder) : null)
    {
        Products = _index.Settings.Products,
    };

    /// <summary>Whether a folder holds an index.</summary>
    public static bool Exists(string path) => EmbeddingIndex.Exists(path);

    /// <summary>
    /// Loads the changes that other processes have made to the folder. A service that searches calls this to see videos that another process
    /// has added or removed; until then it answers from the index as it was. Searches that run meanwhile are not affected.
    /// </summary>
    /// <returns>Whether there was a change.</returns>
    /// <exception cref="InvalidOperationException">The index was replaced by a new one; open it again.</exception>
    /// <exception cref="ModelFileException">The folder is missing, or the index is damaged.</exception>
    public bool Refresh() => _index.Refresh();

    /// <summary>Adds videos, and replaces those of the same name.</summary>
    /// <param name="model">The model that the index was made with.</param>
    /// <param name="videos">
    /// What <paramref name="model"/> takes, with the column VideoId (Text), and with <see cref="FrameCount"/> frames of each video. Rows of one
    /// name are one video.
    /// </param>
    /// <param name="options">Column name, progress, cancellation; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The model has no retrieval transformer, or a column is missing.</exception>
    /// <exception cref="InvalidDataException">Two rows of one name are about different files or parts, or hold different frames.</exception>
    /// <exception cref="InvalidOperationException">The model is another one, or the videos have another number of frames.</exception>
    public void Add(ITransformer model, IDataView videos, VideoIndexOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(videos);
        var stage = RetrievalStage.Find(model);
        RequireSameModel(stage);
        options ??= new();
        RequireSameFrames(new EmbeddedVideoReader(model, options.VideoIdColumnName).CountFrames(videos));
        WarnOfOtherProducts(stage);
        Skipped = Embed(model, videos, options, _index.Upsert);
    }

    /// <summary>Removes videos.</summary>
    /// <param name="videoIds">The videos' names; unknown names are ignored.</param>
    /// <returns>The number of videos that were there.</returns>
    public int Remove(params IEnumerable<string> videoIds)
    {
        ArgumentNullException.ThrowIfNull(videoIds);
        return _index.Remove(videoIds);
    }

    /// <summary>Finds the best videos for a text, best first; equal scores by name, ordinal.</summary>
    /// <param name="text">The query.</param>
    /// <param name="top">Maximum number of hits, at least 1.</param>
    /// <param name="cancellationToken">Cancels the search with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ModelFileException">The text side is damaged.</exception>
    public IReadOnlyList<VideoHit> Search(string text, int top = 10, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        cancellationToken.ThrowIfCancellationRequested();
        return _index.Search(_text.Get().Embed(text), top, cancellationToken);
    }

    /// <summary>Finds the best videos for an embedding, best first: of a text, of an image, or of anything else in the model's space.</summary>
    /// <param name="embedding">[D]; its length does not matter.</param>
    /// <param name="top">Maximum number of hits, at least 1.</param>
    /// <param name="cancellationToken">Cancels the search with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">It has another number of values than the index's, is not finite, or is zero.</exception>
    public IReadOnlyList<VideoHit> Search(ReadOnlyMemory<float> embedding, int top = 10, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        cancellationToken.ThrowIfCancellationRequested();
        var dimension = _index.Settings.Dimension;
        if (embedding.Length != dimension)
            throw new ArgumentException($"The embedding has {embedding.Length} values; those of the index have {dimension}.", nameof(embedding));
        var norm = TensorPrimitives.Norm(embedding.Span);
        if (!float.IsFinite(norm) || norm == 0)
            throw new ArgumentException("The embedding is zero, or has values that are not finite; expected one with a direction.", nameof(embedding));
        return _index.Search(embedding.ToArray(), top, cancellationToken);
    }

    /// <summary>Finds the videos whose frames are most like an image, best first.</summary>
    /// <param name="path">A JPEG, PNG, GIF, WebP or BMP.</param>
    /// <param name="model">The model that the index was made with: the index holds its text side alone.</param>
    /// <param name="top">Maximum number of hits, at least 1.</param>
    /// <param name="cancellationToken">Cancels the search with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It holds no readable image.</exception>
    /// <exception cref="InvalidOperationException">The model is another one.</exception>
    public IReadOnlyList<VideoHit> SearchImage(string path, ITransformer model, int top = 10, CancellationToken cancellationToken = default)
    {
        var stage = RetrievalStage.Find(model);
        RequireSameModel(stage);
        return Search(stage.EmbedImage(path), top, cancellationToken);
    }

    /// <summary>
    /// Re-ranks hits by a BLIP's matching head, which reads the text with all frames of a video: the score becomes that of the search plus the
    /// logit of 'they match'. The index holds embeddings alone, so frames are read and encoded again, which takes about as long as indexing the
    /// hits. BLIP's authors re-rank 128.
    /// </summary>
    /// <param name="text">The query that found the hits.</param>
    /// <param name="hits">The result of <see cref="Search(string, int, CancellationToken)"/>.</param>
    /// <param name="model">The model that the index was made with, of a BLIP checkpoint for retrieval.</param>
    /// <param name="videos">
    /// What <paramref name="model"/> takes, with the column VideoId (Text). Only the rows of hits are used; leave others out, since a
    /// sampler may read them ahead.
    /// </param>
    /// <param name="options">Column name, progress (videos read again), cancellation; null takes the defaults.</param>
    /// <returns>
    /// The same hits, best first; equal scores by name, ordinal. Hits that <paramref name="videos"/> lacks, or that cannot be read, follow
    /// unchanged.
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
        var stage = RetrievalStage.Find(model);
        RequireSameModel(stage);
        var matcher = VideoMatching.Require(stage);
        var names = hits.Select(hit => hit.VideoId).ToHashSet(StringComparer.Ordinal);
        var logits = new Dictionary<string, double>(StringComparer.Ordinal);
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
    /// <exception cref="InvalidOperationException">It is another model.</exception>
    public void RequireSameModel(MultiCaptionRetrievalTransformer stage)
    {
        var (own, given) = (_index.Settings, Settings(stage));
        if (own.Model != given.Model || own.Scoring != given.Scoring || own.Dimension != given.Dimension)
        {
            throw new InvalidOperationException($"The index '{_index.Path}' was made with another model: {Describe(own)}; this one is "
                + $"{Describe(given)}. Use that model, or make a new index.");
        }
    }

    /// <summary>Checks that videos which are added have as many frames as those of the index: else their scores could not be compared.</summary>
    private void RequireSameFrames(int count)
    {
        if (Count == 0 || count == FrameCount) return;
        throw new InvalidOperationException($"The index '{_index.Path}' holds {FrameCount} frames of a video; those to add have {count}. "
            + $"Sample {FrameCount} frames of each, or make a new index.");
    }

    /// <summary>Warns where the index was computed in 8 bits, and what is added will be computed another way.</summary>
    private void WarnOfOtherProducts(MultiCaptionRetrievalTransformer stage)
    {
        var (own, given) = (_index.Settings.Products, Settings(stage).Products);
        if (own is null || own == given || Count == 0) return;
        stage.LogWarning($"The index '{_index.Path}' holds embeddings computed {Describe(own)}; those to add are computed {Describe(given)}. They agree only to "
            + "about 1e-3 in cosine; where that matters, add them on a machine like the first, or make a new index.");
    }

    /// <summary>Frees the text tower.</summary>
    public void Dispose() => _text.Dispose();

    private static List<SkippedVideo> Embed(
        ITransformer model, IDataView videos, VideoIndexOptions options, Action<IReadOnlyList<IndexedVideo>> store)
    {
        var reader = new EmbeddedVideoReader(model, options.VideoIdColumnName);
        foreach (var part in Counted(reader.Read(videos, options.CancellationToken), options.Progress).Chunk(VideosPerWrite))
        {
            store([.. part.Select(video => new IndexedVideo(video.VideoId, video.Frames, video.Times))]);
        }
        return [.. reader.Skipped];
    }

    private static IndexSettings Settings(MultiCaptionRetrievalTransformer stage) =>
        new(stage.Dimension, stage.Scoring, stage.FrameCount, stage.Identity, stage.Checkpoint.FindIntegerProducts(stage.Inference));

    private static string Describe(IntegerProducts? products) => products switch
    {
        null => "in floating point",
        IntegerProducts.Plain => "in 8 bits by ONNX Runtime's fast kernels",
        _ => "in 8 bits by ONNX Runtime's precise mode",
    };

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
