using VideoCaptionRetrieval.Evaluation;

namespace VideoCaptionRetrieval.Tests.Evaluation;

public sealed class BootstrapTests
{
    private static readonly double[] _ranks = [.. Enumerable.Range(0, 200).Select(query => 1.0 + query * query % 37)];

    [Fact]
    public void TextToVideoIntervals_SameSeed_AreEqual()
    {
        var evaluation = Evaluation(_ranks);
        Assert.Equal(evaluation.TextToVideoIntervals(new() { Seed = 3 }), evaluation.TextToVideoIntervals(new() { Seed = 3 }));
        Assert.NotEqual(evaluation.TextToVideoIntervals(new() { Seed = 3 }), evaluation.TextToVideoIntervals(new() { Seed = 4 }));
    }

    [Fact]
    public void TextToVideoIntervals_Defaults_HoldTheMetric()
    {
        var (evaluation, intervals) = (Evaluation(_ranks), Evaluation(_ranks).TextToVideoIntervals());
        Assert.InRange(evaluation.TextToVideo.MeanRank, intervals.MeanRank.Lower, intervals.MeanRank.Upper);
        Assert.InRange(evaluation.TextToVideo.RecallAt10, intervals.RecallAt10.Lower, intervals.RecallAt10.Upper);
        Assert.InRange(evaluation.TextToVideo.MedianRank, intervals.MedianRank.Lower, intervals.MedianRank.Upper);
        Assert.True(intervals.MeanRank.Lower < intervals.MeanRank.Upper);
    }

    [Fact]
    public void TextToVideoIntervals_MeanRank_HasTheWidthOfTheNormalApproximation()
    {
        var mean = _ranks.Average();
        var error = Math.Sqrt(_ranks.Sum(rank => (rank - mean) * (rank - mean)) / _ranks.Length / _ranks.Length);
        var interval = Evaluation(_ranks).TextToVideoIntervals(new() { Resamples = 4000 }).MeanRank;
        Assert.Equal(2 * 1.96 * error, interval.Upper - interval.Lower, 0.1 * 2 * 1.96 * error);
    }

    [Fact]
    public void CompareTextToVideo_SameSystem_HasNoDifference()
    {
        var difference = Evaluation(_ranks).CompareTextToVideo(Evaluation(_ranks)).MeanReciprocalRank;
        Assert.Equal((0.0, 1.0, 1.0), (difference.Difference, difference.BootstrapP, difference.SignFlipP));
    }

    [Fact]
    public void CompareTextToVideo_MuchBetterSystem_IsSignificant()
    {
        var comparison = Evaluation([.. _ranks.Select(_ => 1.0)]).CompareTextToVideo(Evaluation(_ranks));
        Assert.True(comparison.MeanRank.Difference < 0);
        Assert.InRange(comparison.MeanRank.BootstrapP, 0.0001, 0.01);
        Assert.InRange(comparison.MeanRank.SignFlipP, 0.0001, 0.01);
    }

    [Fact]
    public void CompareTextToVideo_OtherQueries_Throws() =>
        Assert.Throws<ArgumentException>(() => Evaluation(_ranks).CompareTextToVideo(Evaluation([1, 2])));

    [Fact]
    public void CompareTextToVideo_EachLacksAnotherQuery_PairsByQuery()
    {
        // Of five queries, the first system has no video for query 0 and the second none for query 4.
        var first = Evaluation([1, 2, 3, 4]) with { TextToVideoQueries = [1, 2, 3, 4], QueriesWithoutVideo = 1 };
        var second = Evaluation([9, 1, 2, 3]) with { TextToVideoQueries = [0, 1, 2, 3], QueriesWithoutVideo = 1 };
        var comparison = first.CompareTextToVideo(second);
        Assert.Equal((3, 1, 1), (comparison.Queries, comparison.OnlyFirst, comparison.OnlySecond));
        Assert.Equal(0, comparison.MeanRank.Difference);
        Assert.Contains("no query", Assert.Throws<ArgumentException>(() =>
            (Evaluation([1]) with { TextToVideoQueries = [0], QueriesWithoutVideo = 1 }).CompareTextToVideo(Evaluation([1]) with { TextToVideoQueries = [1], QueriesWithoutVideo = 1 })).Message);
    }

    [Theory]
    [InlineData(0, 0.95)]
    [InlineData(10, 0)]
    [InlineData(10, 1)]
    [InlineData(10, double.NaN)]
    public void TextToVideoIntervals_InvalidOptions_Throw(int resamples, double confidence) => Assert.Throws<ArgumentOutOfRangeException>(
        () => Evaluation(_ranks).TextToVideoIntervals(new() { Resamples = resamples, Confidence = confidence }));

    [Fact]
    public void Draw_ManyResamples_CoversAllQueriesEvenly()
    {
        var (indices, signs, counts, negative) = (new int[10], new sbyte[10], new int[10], 0);
        var resampling = new SeededResampling(2000, 7);
        for (var resample = 0; resample < resampling.Count; resample++)
        {
            resampling.Draw(resample, indices);
            resampling.DrawSigns(resample, signs);
            foreach (var index in indices) counts[index]++;
            negative += signs.Count(sign => sign == -1);
        }
        Assert.All(counts, count => Assert.InRange(count, 1800, 2200));
        Assert.InRange(negative, 9600, 10400);
    }

    private static RetrievalEvaluation Evaluation(double[] ranks) =>
        new(RetrievalMetrics.Compute(ranks), RetrievalMetrics.Compute(ranks), 0, []) { TextToVideoRanks = ranks, VideoToTextRanks = ranks };
}
