using System.Buffers;
using System.Numerics.Tensors;

namespace VideoCaptionRetrieval.Objective;

/// <summary>
/// Computes query scoring, cosines and CLIPScore over plain arrays. Frames are [N, D] row by row and un-normalised, a query is [D] of any length.
/// Stateless, so thread-safe; a result depends on the values alone, never on where they lie in memory or on the thread count.
/// </summary>
/// <remarks>
/// Query scoring: Bain et al., "A CLIP-Hitchhiker's Guide to Long Video Retrieval" (arXiv 2205.08508), and equation 2 of Ventura et al.
/// (arXiv 2404.17498): w_n = softmax_n(cos(v_n, c)/τ), ṽ = Σ w_n v_n, score cos(ṽ, c). CLIPScore: Hessel et al. (arXiv 2104.08718).
/// </remarks>
public static class QueryScoring
{
    /// <summary>Lower bound of the length that a vector is divided by, as in the reference implementation.</summary>
    public const double Epsilon = 1e-8;

    /// <summary>w of CLIPScore = w·max(cos, 0); 2.5 stretches the scores to about [0, 1].</summary>
    internal const double ClipScoreWeight = 2.5;

    // 1 KiB of stack for cosines and weights; longer videos rent an array.
    private const int FramesOnStack = 64;

    /// <summary>Computes the length of a vector, at least <see cref="Epsilon"/>.</summary>
    public static double Length(ReadOnlySpan<float> vector) => ClampedLength(TensorPrimitives.Dot(vector, vector));

    /// <summary>Computes the lengths of N frames, once for many queries.</summary>
    public static void Lengths(ReadOnlySpan<float> frames, int dimension, Span<double> lengths)
    {
        for (var n = 0; n < lengths.Length; n++) lengths[n] = Length(frames.Slice(n * dimension, dimension));
    }

    /// <summary>Computes cos(a, b); 0 where one is the zero vector.</summary>
    internal static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => TensorPrimitives.Dot(a, b) / Length(a) / Length(b);

    /// <summary>Computes weight·max(cos(image, caption), 0); NaN where an embedding holds NaN.</summary>
    internal static double ClipScore(ReadOnlySpan<float> image, ReadOnlySpan<float> caption, double weight = ClipScoreWeight) =>
        weight * Math.Max(Cosine(image, caption), 0);

    /// <summary>Scores one video for one query.</summary>
    /// <param name="frames">[N, D].</param>
    /// <param name="query">[D].</param>
    /// <param name="scoring">Pooling, τ, normalisation.</param>
    public static VideoScore Score(ReadOnlySpan<float> frames, ReadOnlySpan<float> query, FrameScoring scoring)
    {
        if (query.IsEmpty || frames.Length % query.Length != 0)
            throw new ArgumentException(
                $"The frames hold {frames.Length} values and the query {query.Length}; expected [N, D] and [D].", nameof(frames));
        var lengths = new double[frames.Length / query.Length];
        Lengths(frames, query.Length, lengths);
        return Score(frames, lengths, query, Length(query), scoring);
    }

    /// <summary>Scores one video for one query with precomputed lengths: the inner loop of search and evaluation.</summary>
    /// <param name="frames">[N, D].</param>
    /// <param name="lengths">[N], from <see cref="Lengths"/>.</param>
    /// <param name="query">[D].</param>
    /// <param name="queryLength">From <see cref="Length"/>.</param>
    /// <param name="scoring">Pooling, τ, normalisation.</param>
    public static VideoScore Score(
        ReadOnlySpan<float> frames, ReadOnlySpan<double> lengths, ReadOnlySpan<float> query, double queryLength, FrameScoring scoring)
    {
        var count = lengths.Length;
        if (count == 0) return VideoScore.None;
        if (count <= FramesOnStack)
            return Score(frames, lengths, query, queryLength, scoring, stackalloc double[count], stackalloc double[count]);
        var rented = ArrayPool<double>.Shared.Rent(2 * count);
        try
        {
            return Score(frames, lengths, query, queryLength, scoring, rented.AsSpan(0, count), rented.AsSpan(count, count));
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private static VideoScore Score(ReadOnlySpan<float> frames, ReadOnlySpan<double> lengths, ReadOnlySpan<float> query, double queryLength,
        FrameScoring scoring, Span<double> cosines, Span<double> weights)
    {
        var best = 0;
        for (var n = 0; n < cosines.Length; n++)
        {
            cosines[n] = TensorPrimitives.Dot(frames.Slice(n * query.Length, query.Length), query) / lengths[n] / queryLength;
            if (cosines[n] > cosines[best]) best = n;
        }
        Weigh(cosines, scoring, cosines[best], weights);
        if (scoring.NormaliseFrames)
            for (var n = 0; n < weights.Length; n++) weights[n] /= lengths[n];

        // ṽ·c = Σ w_n (v_n·c), and v_n·c is known: only the length of ṽ needs another pass over the frames.
        double projection = 0;
        for (var n = 0; n < cosines.Length; n++) projection += weights[n] * cosines[n] * lengths[n];
        return new(projection / PooledLength(frames, weights, query.Length), best, cosines[best]);
    }

    private static void Weigh(ReadOnlySpan<double> cosines, FrameScoring scoring, double largest, Span<double> weights)
    {
        switch (scoring.Pooling)
        {
            case FramePooling.Mean:
                weights.Fill(1.0 / weights.Length);
                break;
            case FramePooling.QueryScoring:
                double total = 0;
                for (var n = 0; n < weights.Length; n++)
                {
                    weights[n] = Math.Exp((cosines[n] - largest) / scoring.Temperature);
                    total += weights[n];
                }
                for (var n = 0; n < weights.Length; n++) weights[n] /= total;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(scoring), scoring.Pooling, $"The pooling '{scoring.Pooling}' is not known.");
        }
    }

    private static double PooledLength(ReadOnlySpan<float> frames, ReadOnlySpan<double> weights, int dimension)
    {
        var rented = ArrayPool<float>.Shared.Rent(dimension);
        var pooled = rented.AsSpan(0, dimension);
        pooled.Clear();
        for (var n = 0; n < weights.Length; n++)
            TensorPrimitives.MultiplyAdd(frames.Slice(n * dimension, dimension), (float)weights[n], pooled, pooled);
        var length = Length(pooled);
        ArrayPool<float>.Shared.Return(rented);
        return length;
    }

    private static double ClampedLength(float squared) => Math.Max(Math.Sqrt(squared), Epsilon);
}

/// <summary>The score of one video for one query.</summary>
/// <param name="Score">cos(ṽ, c); NaN for a video without frames.</param>
/// <param name="BestFrame">The frame with the largest cosine, the lower index on a tie; −1 for a video without frames.</param>
/// <param name="BestCosine">That frame's cosine; NaN for a video without frames.</param>
public readonly record struct VideoScore(double Score, int BestFrame, double BestCosine)
{
    /// <summary>The score of a video without frames.</summary>
    internal static VideoScore None { get; } = new(double.NaN, -1, double.NaN);
}
