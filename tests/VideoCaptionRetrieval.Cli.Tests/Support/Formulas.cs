namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>The contract's formulas in plain loops.</summary>
internal static class Formulas
{
    internal static double Cosine(IReadOnlyList<float> a, IReadOnlyList<float> b)
    {
        double dot = 0, lengthA = 0, lengthB = 0;
        for (var i = 0; i < a.Count; i++) (dot, lengthA, lengthB) = (dot + ((double)a[i] * b[i]), lengthA + ((double)a[i] * a[i]), lengthB + ((double)b[i] * b[i]));
        return dot / Math.Sqrt(lengthA * lengthB);
    }

    /// <summary>cos(ṽ, c), ṽ the mean of the frames weighted by softmax(cos/τ).</summary>
    internal static double QueryScore(float[][] frames, float[] query, double temperature = 0.1)
    {
        var weights = frames.Select(frame => Math.Exp(Cosine(frame, query) / temperature)).ToArray();
        var pooled = Enumerable.Range(0, query.Length).Select(d => (float)(frames.Select((frame, n) => weights[n] * frame[d]).Sum() / weights.Sum())).ToArray();
        return Cosine(pooled, query);
    }
}
