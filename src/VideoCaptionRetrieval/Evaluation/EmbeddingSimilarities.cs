using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Evaluation;

/// <summary>
/// Computes similarities of videos and queries from their embeddings, all or a block of videos at a time. A similarity depends on its video and its
/// query alone: every block holds the same bits.
/// </summary>
internal sealed class EmbeddingSimilarities
{
    private readonly IReadOnlyList<float[]> _videos, _queries;
    private readonly double[][] _lengths;
    private readonly int _dimension;
    private readonly FrameScoring _scoring;

    /// <param name="videos">For each video its frame embeddings [N, D]; N may differ, 0 gives NaN.</param>
    /// <param name="queries">For each query its sentence embeddings [L, D].</param>
    /// <param name="dimension">D.</param>
    /// <param name="scoring">Pooling and τ.</param>
    internal EmbeddingSimilarities(IReadOnlyList<float[]> videos, IReadOnlyList<float[]> queries, int dimension, FrameScoring scoring)
    {
        CheckShapes(videos, dimension, "video", allowEmpty: true);
        CheckShapes(queries, dimension, "query", allowEmpty: false);
        (_videos, _queries, _dimension, _scoring) = (videos, queries, dimension, scoring);
        _lengths = [.. queries.Select(Lengths)];
    }

    /// <summary>The number of threads, and cancellation.</summary>
    internal required ParallelOptions Threads { get; init; }

    /// <summary>Computes the similarity of each query to its video; NaN where that is absent (target −1).</summary>
    internal float[] ToTargets(IReadOnlyList<int> targets)
    {
        var similarities = new float[targets.Count];
        Parallel.For(0, targets.Count, Threads, query => similarities[query] =
            targets[query] is >= 0 and var video ? Similarity(_videos[video], Lengths(_videos[video]), query) : float.NaN);
        return similarities;
    }

    /// <summary>Computes all similarities, a block of videos after the other; a block is valid until the next is asked for.</summary>
    /// <param name="maximum">The most similarities of a block, which holds one video at least.</param>
    internal IEnumerable<(int First, SimilarityMatrix Block)> Blocks(int maximum)
    {
        var width = Math.Clamp(maximum / Math.Max(1, _queries.Count), 1, Math.Max(1, _videos.Count));
        var values = new float[width * _queries.Count];
        for (var first = 0; first < _videos.Count; first += width)
        {
            var count = Math.Min(width, _videos.Count - first);
            yield return (first, Compute(first, count, values.AsMemory(0, count * _queries.Count)));
        }
    }

    /// <summary>Computes the similarities of all queries with some videos, [queries, count].</summary>
    /// <param name="first">The first video.</param>
    /// <param name="count">How many.</param>
    /// <param name="values">Where they are put.</param>
    internal SimilarityMatrix Compute(int first, int count, Memory<float> values)
    {
        // One video's frames stay in the processor's cache for all queries.
        Parallel.For(0, count, Threads, column =>
        {
            var similarities = values.Span;
            var frames = _videos[first + column];
            var lengths = Lengths(frames);
            for (var query = 0; query < _queries.Count; query++)
                similarities[(query * count) + column] = Similarity(frames, lengths, query);
        });
        return new(values, _queries.Count, count);
    }

    private float Similarity(float[] frames, double[] frameLengths, int query)
    {
        double total = 0;
        var (sentences, lengths) = (_queries[query], _lengths[query]);
        for (var l = 0; l < lengths.Length; l++)
        {
            var sentence = sentences.AsSpan(l * _dimension, _dimension);
            total += QueryScoring.Score(frames, frameLengths, sentence, lengths[l], _scoring).Score;
        }
        return (float)(total / lengths.Length);
    }

    private double[] Lengths(float[] rows)
    {
        var lengths = new double[rows.Length / _dimension];
        QueryScoring.Lengths(rows, _dimension, lengths);
        return lengths;
    }

    private static void CheckShapes(IReadOnlyList<float[]> items, int dimension, string what, bool allowEmpty)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        for (var at = 0; at < items.Count; at++)
        {
            if (items[at].Length % dimension != 0 || (items[at].Length == 0 && !allowEmpty))
                throw new ArgumentException($"The embeddings of {what} {at} hold {items[at].Length} values; expected rows of {dimension}.");
        }
    }
}
