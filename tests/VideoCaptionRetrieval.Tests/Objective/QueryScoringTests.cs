using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Tests.Objective;

public sealed class QueryScoringTests
{
    [Theory]
    [InlineData(FramePooling.QueryScoring, false, 1, 36)]
    [InlineData(FramePooling.QueryScoring, true, 10, 512)]
    [InlineData(FramePooling.Mean, false, 7, 33)]
    [InlineData(FramePooling.QueryScoring, false, 200, 17)]
    public void Score_RandomFrames_MatchesPlainFormula(FramePooling pooling, bool normalise, int count, int dimension)
    {
        var (frames, query) = (Random(count * dimension, 1), Random(dimension, 2));
        var scoring = new FrameScoring { Pooling = pooling, NormaliseFrames = normalise, Temperature = 0.2 };

        var got = QueryScoring.Score(frames, query, scoring);

        var (score, best, cosine) = Oracle(frames, query, scoring);
        Assert.Equal(score, got.Score, 5e-6);
        Assert.Equal(best, got.BestFrame);
        Assert.Equal(cosine, got.BestCosine, 1e-6);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(512)]
    [InlineData(1031)]
    public void Score_SameFramesElsewhereInMemory_IsEqualToTheBit(int dimension)
    {
        const int Count = 5;
        var (frames, query) = (Random(Count * dimension, 3), Random(dimension, 4));
        var expected = QueryScoring.Score(frames, query, FrameScoring.Default);
        for (var offset = 1; offset < 20; offset++)
        {
            var elsewhere = new float[offset + frames.Length];
            frames.CopyTo(elsewhere, offset);
            Assert.Equal(expected, QueryScoring.Score(elsewhere.AsSpan(offset), query, FrameScoring.Default));
        }
    }

    [Fact]
    public void Score_EqualFrames_BestIsTheFirst() =>
        Assert.Equal(1, QueryScoring.Score([1, 0, 1, 2, 1, 2], [0.5f, 1], FrameScoring.Default).BestFrame);

    [Fact]
    public void Score_NoFrames_IsUndefined() => Assert.Equal(VideoScore.None, QueryScoring.Score([], [1, 2], FrameScoring.Default));

    [Fact]
    public void Score_ZeroVectors_IsZero()
    {
        Assert.Equal(0, QueryScoring.Score([0, 0, 0, 0], [1, 2], FrameScoring.Default).Score);
        Assert.Equal(0, QueryScoring.Score([1, 1, 2, 3], [0, 0], FrameScoring.Default).Score);
    }

    [Fact]
    public void Score_NaNFrame_IsUndefined() => Assert.Equal(double.NaN, QueryScoring.Score([1, 1, float.NaN, 3], [1, 2], FrameScoring.Default).Score);

    [Fact]
    public void Score_RaggedFrames_Throws() => Assert.Throws<ArgumentException>(() => QueryScoring.Score([1, 2, 3], [1, 2], FrameScoring.Default));

    [Fact]
    public void Score_PoolingThatIsNotKnown_IsRefused()
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => QueryScoring.Score([1, 2], [1, 2], new() { Pooling = (FramePooling)99 }));
        Assert.Contains("'99' is not known", e.Message);
    }

    [Fact]
    public void Score_LongerFrame_WeighsMoreUnlessNormalised()
    {
        float[] frames = [10, 0, 0, 1];
        var plain = QueryScoring.Score(frames, [0, 1], new() { Pooling = FramePooling.Mean });
        var normalised = QueryScoring.Score(frames, [0, 1], new() { Pooling = FramePooling.Mean, NormaliseFrames = true });
        Assert.True(plain.Score < 0.2);
        Assert.Equal(Math.Sqrt(0.5), normalised.Score, 1e-6);
    }

    [Fact]
    public void ClipScore_NaN_StaysNaN() => Assert.Equal(double.NaN, QueryScoring.ClipScore([float.NaN, 1], [1, 1]));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Temperature_NotPositive_Throws(double temperature) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameScoring { Temperature = temperature });

    internal static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }

    private static (double Score, int Best, double Cosine) Oracle(float[] frames, float[] query, FrameScoring scoring)
    {
        var rows = frames.Chunk(query.Length).Select(row => row.Select(value => (double)value).ToArray()).ToArray();
        var target = query.Select(value => (double)value).ToArray();
        var cosines = rows.Select(row => Cosine(row, target)).ToArray();
        var weights = cosines.Select(cosine => scoring.Pooling == FramePooling.Mean ? 1 : Math.Exp(cosine / scoring.Temperature)).ToArray();
        var pooled = new double[target.Length];
        for (var n = 0; n < rows.Length; n++)
        {
            var length = scoring.NormaliseFrames ? Math.Sqrt(rows[n].Sum(value => value * value)) : 1;
            for (var d = 0; d < pooled.Length; d++) pooled[d] += weights[n] / weights.Sum() * rows[n][d] / length;
        }
        return (Cosine(pooled, target), Array.IndexOf(cosines, cosines.Max()), cosines.Max());
    }

    private static double Cosine(double[] a, double[] b) =>
        a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x)) / Math.Sqrt(b.Sum(x => x * x));
}
