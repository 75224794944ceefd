using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Models.Tests.Generation;

public sealed class LogitsProcessorTests
{
    [Theory]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void MinLength_LengthsAroundTheLimit_EndForbiddenBelowIt(int length, bool forbidden)
    {
        float[] scores = [1, 2, 3];
        new MinLength(5, endId: 1).Process(new int[length], scores);
        Assert.Equal(forbidden ? [1, float.NegativeInfinity, 3] : [1, 2, 3], scores);
    }

    [Fact]
    public void RepetitionPenalty_RepeatedTokensOfBothSigns_EachLoweredOnce()
    {
        float[] scores = [4, -4, 4, -4];
        new RepetitionPenalty(2).Process([0, 1, 1, 0, 1], scores);
        Assert.Equal([2, -8, 4, -4], scores);
    }

    [Theory]
    [InlineData(1, new[] { 0, 3 }, new[] { 0, 3 })]
    [InlineData(2, new[] { 0, 1, 2, 0, 3, 0 }, new[] { 1, 3 })]
    [InlineData(3, new[] { 0, 1, 2, 0, 1 }, new[] { 2 })]
    [InlineData(3, new[] { 0, 1, 2, 1, 0 }, new int[0])]
    [InlineData(3, new[] { 0 }, new int[0])]
    [InlineData(5, new[] { 0, 0, 0 }, new int[0])]
    public void NoRepeatNgram_Sequences_ForbidsWhatWouldRepeat(int size, int[] sequence, int[] forbidden)
    {
        var scores = new float[5];
        new NoRepeatNgram(size).Process(sequence, scores);
        Assert.Equal(forbidden, Enumerable.Range(0, 5).Where(token => float.IsNegativeInfinity(scores[token])));
    }

    [Fact]
    public void TopCandidates_ManyEqualScores_BestFirstThenInOrder()
    {
        var random = new Random(5);
        var beams = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 2000).Select(_ => (float)random.Next(0, 40)).ToArray()).ToArray();
        var candidates = new TopCandidates(12);
        for (var beam = 0; beam < 3; beam++) candidates.Offer(beam, beams[beam]);
        var expected = beams.SelectMany((scores, beam) => scores.Select((score, token) => new Candidate(score, beam, token)))
            .OrderByDescending(candidate => candidate.Score).Take(12);
        Assert.Equal(expected, candidates.Best.ToArray());
    }
}
