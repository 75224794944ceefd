namespace VideoCaptionRetrieval.Evaluation;

/// <summary>Similarities [queries, videos], row by row; larger is more similar, NaN is undefined.</summary>
internal sealed class SimilarityMatrix
{
    private readonly float[] _values;

    internal SimilarityMatrix(float[] values, int queries, int videos)
    {
        if (values.LongLength != (long)queries * videos)
            throw new ArgumentException(
                $"The matrix holds {values.Length} values; expected {queries} queries x {videos} videos.", nameof(values));
        (_values, Queries, Videos) = (values, queries, videos);
    }

    internal int Queries { get; }

    internal int Videos { get; }

    /// <summary>The similarities of one query to all videos.</summary>
    internal ReadOnlySpan<float> Row(int query) => _values.AsSpan(query * Videos, Videos);

    /// <summary>The number of undefined similarities.</summary>
    internal int CountUndefined()
    {
        var count = 0;
        foreach (var value in _values)
            if (float.IsNaN(value)) count++;
        return count;
    }
}
