using VideoCaptionRetrieval.Evaluation;

namespace VideoCaptionRetrieval.Tests.Evaluation;

public sealed class RetrievalEvaluatorTests
{
    private const int Dimension = 24;

    [Theory]
    [InlineData(TieRule.Mid, VideoToTextProtocol.Sets)]
    [InlineData(TieRule.Optimistic, VideoToTextProtocol.Captions)]
    [InlineData(TieRule.Pessimistic, VideoToTextProtocol.Sets)]
    public void Evaluate_RandomTiesNaNsAndOwners_MatchesPlainLoops(TieRule rule, VideoToTextProtocol protocol)
    {
        var random = new Random(5);
        for (var round = 0; round < 20; round++)
        {
            // 700 columns in every fifth round go over the boundary of a block.
            var (queries, videos) = (random.Next(1, 40), round % 5 == 0 ? 700 : random.Next(1, 30));
            var values = Enumerable.Range(0, queries * videos)
                .Select(_ => random.Next(12) == 0 ? float.NaN : random.Next(4) / 4f).ToArray();
            var owners = Enumerable.Range(0, queries).Select(_ => random.Next(-1, Math.Min(videos, 8))).ToArray();

            var got = new RetrievalEvaluator { TieRule = rule, Protocol = protocol }.Evaluate(new SimilarityMatrix(values, queries, videos), owners);

            Assert.Equal(PlainRanks.TextToVideo(values, videos, owners, rule), got.TextToVideoRanks);
            Assert.Equal(PlainRanks.VideoToText(values, videos, owners, rule, protocol), got.VideoToTextRanks);
        }
    }

    [Fact]
    public void Evaluate_Ties_ExpectedRecallIsThatOfRandomOrders()
    {
        // Query 0: its video is tied with one copy. Query 1: one is better, its video is tied with two. Query 2: no tie.
        float[] values = [0.9f, 0.9f, 0.1f, 0.2f, 0.5f, 0.8f, 0.5f, 0.5f, 0.1f, 0.2f, 0.3f, 0.4f];
        var got = new RetrievalEvaluator().Evaluate(new SimilarityMatrix(values, 3, 4), [0, 2, 3]);
        Assert.Equal([1.5, 3.0, 1.0], got.TextToVideoRanks);
        Assert.Equal(100.0 / 3, got.TextToVideo.RecallAt1, 1e-9);              // a tie with one copy is a miss by mid-ranks
        Assert.Equal(50, got.ExpectedTextToVideo.At1, 1e-9);                // (1/2 + 0 + 1) / 3
        Assert.Equal(100, got.ExpectedTextToVideo.At5);
    }

    [Theory]
    [InlineData(TieRule.Optimistic)]
    [InlineData(TieRule.Pessimistic)]
    public void Evaluate_RandomTies_ExpectedRecallBetweenTheRules(TieRule rule)
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 60 * 20).Select(_ => random.Next(5) / 4f).ToArray();
        var owners = Enumerable.Range(0, 60).Select(query => query % 20).ToArray();
        var got = new RetrievalEvaluator { TieRule = rule }.Evaluate(new SimilarityMatrix(values, 60, 20), owners);
        foreach (var (counted, expected) in new[] { (got.TextToVideo.RecallAt5, got.ExpectedTextToVideo.At5), (got.VideoToText.RecallAt1, got.ExpectedVideoToText.At1) })
            Assert.True(rule == TieRule.Optimistic ? expected <= counted : expected >= counted, Invariant($"{expected} and {counted}"));
        var plain = new RetrievalEvaluator().Evaluate(new SimilarityMatrix([.. values.Select((value, i) => value + (i * 1e-5f))], 60, 20), owners);
        Assert.Equal(plain.TextToVideo.RecallAt5, plain.ExpectedTextToVideo.At5);
    }

    [Fact]
    public void Similarities_AnyThreadCount_AreEqualToTheBit()
    {
        var (videos, queries) = (Videos(30, 6), Videos(25, 2));
        var one = new RetrievalEvaluator { MaximumThreads = 1 }.Similarities(videos, queries, Dimension);
        var many = new RetrievalEvaluator { MaximumThreads = 8 }.Similarities(videos, queries, Dimension);
        for (var query = 0; query < queries.Length; query++) Assert.Equal(one.Row(query), many.Row(query));
    }

    [Theory]
    [InlineData(VideoToTextProtocol.Sets)]
    [InlineData(VideoToTextProtocol.Captions)]
    public void Evaluate_BlocksOfAnySize_EqualToTheWholeMatrix(VideoToTextProtocol protocol)
    {
        var random = new Random(11);
        var (videos, queries) = (Videos(300, 3), Videos(70, 2));
        videos[5] = videos[9];                                          // a tie
        (videos[17], videos[20][1]) = ([], float.NaN);
        int[] targets = [.. queries.Select((_, query) => query < 3 ? 17 + query : random.Next(-1, 40))];
        var evaluator = new RetrievalEvaluator { Protocol = protocol };
        var expected = evaluator.Evaluate(evaluator.Similarities(videos, queries, Dimension), targets);
        Assert.InRange(expected.UndefinedQueries, 1, 69);
        foreach (var maximum in new[] { 1, 70, 1000, 9000, 1 << 24 })
        {
            var got = new RetrievalEvaluator { Protocol = protocol, MaximumSimilarities = maximum }.Evaluate(videos, queries, targets, Dimension);
            Assert.Equal(expected.TextToVideoRanks, got.TextToVideoRanks);
            Assert.Equal(expected.VideoToTextRanks, got.VideoToTextRanks);
            Assert.Equal((expected.TextToVideo, expected.VideoToText), (got.TextToVideo, got.VideoToText));
            Assert.Equal((expected.ExpectedTextToVideo, expected.ExpectedVideoToText), (got.ExpectedTextToVideo, got.ExpectedVideoToText));
            Assert.Equal((expected.UndefinedSimilarities, expected.UndefinedQueries), (got.UndefinedSimilarities, got.UndefinedQueries));
        }
    }

    [Fact]
    public void Evaluate_ManyQueriesAndVideos_HoldsABlockOfSimilarities()
    {
        const int Count = 1500, Held = 1 << 15;                        // all similarities are 9 MB, a block 0.1
        var items = Enumerable.Range(0, Count).Select(i => new[] { MathF.Cos(i), MathF.Sin(i) }).ToArray();
        var evaluator = new RetrievalEvaluator { MaximumThreads = 1, MaximumSimilarities = Held };
        var before = GC.GetAllocatedBytesForCurrentThread();

        var got = evaluator.Evaluate(items, items, [.. Enumerable.Range(0, Count)], dimension: 2);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, Held * sizeof(float), Count * Count * sizeof(float) / 4);
        Assert.Equal(Count, got.TextToVideoRanks.Count);
        Assert.Equal(got.TextToVideo.RecallAt50, got.VideoToText.RecallAt50);
    }

    [Fact]
    public void Evaluate_QueriesEqualToTheirVideos_FindsAll()
    {
        var videos = Videos(12, 1);
        var got = new RetrievalEvaluator().Evaluate(videos, videos, [.. Enumerable.Range(0, 12)], Dimension, [new("a.mp4", "damaged")]);
        Assert.Equal(new RetrievalMetrics(100, 100, 100, 100, 1, 1, 1, 12), got.TextToVideo);
        Assert.Equal(got.TextToVideo, got.VideoToText);
        Assert.Equal("a.mp4", Assert.Single(got.Skipped).VideoId);
    }

    [Fact]
    public void Evaluate_MeanPooling_DiffersFromQueryScoring()
    {
        var (videos, queries) = (Videos(6, 5), Videos(6, 1));
        var byQuery = new RetrievalEvaluator().Similarities(videos, queries, Dimension);
        var byMean = new RetrievalEvaluator { Scoring = new() { Pooling = FramePooling.Mean } }.Similarities(videos, queries, Dimension);
        Assert.NotEqual(byQuery.Row(0).ToArray(), byMean.Row(0).ToArray());
    }

    [Fact]
    public void Evaluate_NoQueryWithVideo_GivesNaNMetrics()
    {
        var got = new RetrievalEvaluator().Evaluate(Videos(3, 2), Videos(2, 1), [-1, -1], Dimension);
        Assert.Equal(0, got.TextToVideo.Queries);
        Assert.Equal(double.NaN, got.TextToVideo.RecallAt1);
        Assert.Equal(double.NaN, got.TextToVideo.MedianRank);
        Assert.Equal(2, got.QueriesWithoutVideo);
        Assert.Equal(double.NaN, got.TextToVideoIntervals().MeanRank.Lower);
    }

    [Fact]
    public void Evaluate_NoQueries_GivesNaNMetrics() => Assert.Equal(0, new RetrievalEvaluator().Evaluate(Videos(3, 2), [], [], Dimension).VideoToText.Queries);

    [Fact]
    public void Evaluate_VideoWithoutFrames_IsCountedAsUndefined()
    {
        var got = new RetrievalEvaluator().Evaluate([Videos(1, 2)[0], []], Videos(2, 1), [0, 1], Dimension);
        Assert.Equal(2, got.UndefinedSimilarities);
        Assert.Equal(1, got.UndefinedQueries);
        Assert.Equal([1.0, 2.0], got.TextToVideoRanks);
    }

    [Fact]
    public void Evaluate_OwnerOutOfRange_Throws()
    {
        var thrown = Assert.Throws<ArgumentException>(() => new RetrievalEvaluator().Evaluate(Videos(3, 2), Videos(2, 1), [0, 3], Dimension));
        Assert.Contains("'3'", thrown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new RetrievalEvaluator().Evaluate(Videos(3, 2), Videos(2, 1), [0], Dimension));
    }

    [Fact]
    public void Evaluate_WrongDimension_Throws()
    {
        Assert.Throws<ArgumentException>(() => new RetrievalEvaluator().Evaluate(Videos(3, 2), [new float[Dimension + 1]], [0], Dimension));
        Assert.Throws<ArgumentException>(() => new RetrievalEvaluator().Evaluate(Videos(3, 2), [[]], [0], Dimension));
    }

    [Fact]
    public void Similarities_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => new RetrievalEvaluator().Similarities(Videos(3, 2), Videos(2, 1), Dimension, source.Token));
    }

    private static float[][] Videos(int count, int frames)
    {
        var random = new Random(count * 100 + frames);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, frames * Dimension).Select(_ => random.NextSingle() - 0.5f).ToArray())];
    }
}
