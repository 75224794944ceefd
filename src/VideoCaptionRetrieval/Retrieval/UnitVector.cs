using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>Vectors of length 1.</summary>
internal static class UnitVector
{
    /// <summary>The mean of several vectors, normalised.</summary>
    /// <param name="vectors">[N, D].</param>
    /// <param name="result">[D], written.</param>
    internal static void OfMean(ReadOnlySpan<float> vectors, Span<float> result)
    {
        var count = vectors.Length / result.Length;
        for (var d = 0; d < result.Length; d++)
        {
            var sum = 0.0;
            for (var n = 0; n < count; n++) sum += vectors[(n * result.Length) + d];
            result[d] = (float)(sum / count);
        }
        Normalise(result);
    }

    /// <summary>Divides a vector by its length.</summary>
    internal static void Normalise(Span<float> vector)
    {
        var length = QueryScoring.Length(vector);
        for (var d = 0; d < vector.Length; d++) vector[d] = (float)(vector[d] / length);
    }
}
