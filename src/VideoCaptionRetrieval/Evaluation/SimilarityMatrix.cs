namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Similarities [queries, videos], row by row; larger is more similar, NaN is undefined.</summary>
public sealed class SimilarityMatrix
{
    private readonly ReadOnlyMemory<float> _values;

    internal SimilarityMatrix(float[] values, int queries, int videos) : this(values.AsMemory(), queries, videos) { }

    internal SimilarityMatrix(ReadOnlyMemory<float> values, int queries, int videos)
    {
        if (values.Length != (long)queries * videos)
            throw new ArgumentException(
                $"The matrix holds {values.Length} values; expected {queries} queries x {videos} videos.", nameof(values));
        (_values, Queries, Videos) = (values, queries, videos);
    }

    internal int Queries { get; }

    internal int Videos { get; }

    /// <summary>The similarities of one query to all videos.</summary>
    internal ReadOnlySpan<float> Row(int query) => _values.Span.Slice(query * Videos, Videos);

    /// <summary>The similarity of each query to its video; NaN where that is absent (target −1).</summary>
    internal float[] ToTargets(IReadOnlyList<int> targets) =>
        [.. targets.Select((target, query) => target < 0 ? float.NaN : Row(query)[target])];

    /// <summary>Counts the undefined similarities.</summary>
    internal int CountUndefined()
    {
        var count = 0;
        foreach (var value in _values.Span)
            if (float.IsNaN(value)) count++;
        return count;
    }
}
