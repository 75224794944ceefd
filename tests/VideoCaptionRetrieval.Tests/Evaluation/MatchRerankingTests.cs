using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.Evaluation;

public sealed class MatchRerankingTests
{
    private const int Queries = 7, Videos = 5, Count = 2;

    public static TheoryData<string> Cases => FixtureCase.OfKind("blip-itm");

    [Fact]
    public void Set_EveryCandidate_OrderChangesAmongThemAlone()
    {
        var similarities = Random(seed: 1, scale: 1);
        var logits = Random(seed: 2, scale: 6);
        var reranking = Rerank(similarities, logits, Count);

        for (var query = 0; query < Queries; query++)
            AssertReranked(Row(similarities, query), Row(logits, query), reranking.TextToVideo.Row(query).ToArray());
        for (var video = 0; video < Videos; video++)
            AssertReranked(Column(similarities, video), Column(logits, video), Column(reranking.VideoToText, video));
        Assert.Contains(Enumerable.Range(0, Queries), query => Order(Row(similarities, query))[0] != Order(reranking.TextToVideo.Row(query).ToArray())[0]);
    }

    [Fact]
    public void QueriesByVideo_Candidates_OfEitherDirectionAndNoOthers()
    {
        var similarities = Random(seed: 1, scale: 1);
        var asked = new MatchReranking(similarities, Count).QueriesByVideo();

        for (var video = 0; video < Videos; video++)
        {
            var expected = Enumerable.Range(0, Queries).Where(query =>
                Order(Row(similarities, query)).Take(Count).Contains(video) || Order(Column(similarities, video)).Take(Count).Contains(query));
            Assert.Equal(expected, asked[video]);
        }
    }

    [Fact]
    public void Set_MoreCandidatesThanVideos_AllByScore()
    {
        var (similarities, logits) = (Random(seed: 1, scale: 1), Random(seed: 2, scale: 6));
        var reranking = Rerank(similarities, logits, 128);
        for (var query = 0; query < Queries; query++)
            for (var video = 0; video < Videos; video++)
                Assert.Equal(similarities.Row(query)[video] + logits.Row(query)[video], reranking.TextToVideo.Row(query)[video]);
    }

    [Fact]
    public void TextToVideo_UndefinedSimilarity_StaysUndefined()
    {
        var reranking = Rerank(new([0.1f, float.NaN, 0.3f, 0.2f], 1, 4), new([1f, 1f, 1f, 1f], 1, 4), Count);
        var scores = reranking.TextToVideo.Row(0).ToArray();
        Assert.Equal([float.NaN, 1.3f, 1.2f], scores[1..]);
        Assert.True(scores[0] < -1e6, Invariant($"{scores[0]}"));
    }

    [Fact]
    public void TextToVideo_SimilaritiesThatDifferByLittle_KeepTheirOrderAndTheirTies()
    {
        // Neighbours among the floats: 100 less, they would be one number.
        float[] values = [0.5f, 0.3f, MathF.BitIncrement(0.3f), MathF.BitDecrement(0.3f), 0.3f, -1e-8f, 1e-8f];
        var (row, column) = (new MatchReranking(new(values, 1, values.Length), 1), new MatchReranking(new(values, values.Length, 1), 1));

        foreach (var scores in new[] { row.TextToVideo.Row(0).ToArray(), Column(column.VideoToText, 0) })
        {
            Assert.Equal(Order(values), Order(scores));
            Assert.Equal(scores[1], scores[4]);
            Assert.Equal(values.Distinct().Count(), scores.Distinct().Count());
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Fixtures")]
    public void Set_ReferenceScores_ReferencesCandidates(string row)
    {
        var fixture = FixtureCase.Open(row);
        using var file = fixture.Tensors();
        if (fixture.Json["video_texts"] is null)
        {
            Assert.DoesNotContain("video_sim", file.Entries.Keys);      // a case of images alone
            return;
        }
        var (videos, texts) = ((int)file.Shape("video_sim")[0], (int)file.Shape("video_sim")[1]);
        float[] ByText(float[] values) => [.. Enumerable.Range(0, texts * videos).Select(i => values[(i % videos * texts) + (i / videos)])];
        var (similarity, score) = (ByText(file.Floats("video_sim")), ByText(file.Floats("video_score")));
        var logits = score.Zip(similarity, (sum, own) => sum - own).ToArray();

        var reranking = Rerank(new(similarity, texts, videos), new(logits, texts, videos), fixture.Options["k_test"]!.GetValue<int>());

        AssertSame(file.Floats("video_t2v_k2"), reranking.TextToVideo);
        AssertSame(ByText(file.Floats("video_v2t_k2")), reranking.VideoToText);
    }

    private static void AssertSame(float[] expected, SimilarityMatrix got)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var value = got.Row(i / got.Videos)[i % got.Videos];
            // The reference gives all others the same −100; here they keep their order, further below.
            if (expected[i] == -100) Assert.True(value < -1e6, Invariant($"{value}"));
            else Assert.Equal(expected[i], value, 1e-5);
        }
    }

    private static void AssertReranked(float[] similarities, float[] logits, float[] scores)
    {
        var before = Order(similarities);
        var candidates = before.Take(Count).OrderByDescending(i => similarities[i] + logits[i]);
        Assert.Equal(candidates.Concat(before.Skip(Count)), Order(scores));
    }

    private static MatchReranking Rerank(SimilarityMatrix similarities, SimilarityMatrix logits, int count)
    {
        var reranking = new MatchReranking(similarities, count);
        var asked = reranking.QueriesByVideo();
        for (var video = 0; video < similarities.Videos; video++)
            reranking.Set(video, asked[video], asked[video].Select(query => logits.Row(query)[video]).ToArray());
        return reranking;
    }

    private static SimilarityMatrix Random(int seed, float scale)
    {
        var random = new Random(seed);
        return new([.. Enumerable.Range(0, Queries * Videos).Select(_ => ((2 * random.NextSingle()) - 1) * scale)], Queries, Videos);
    }

    private static float[] Row(SimilarityMatrix matrix, int query) => matrix.Row(query).ToArray();

    private static float[] Column(SimilarityMatrix matrix, int video) => [.. Enumerable.Range(0, matrix.Queries).Select(query => matrix.Row(query)[video])];

    private static int[] Order(float[] values) => [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i])];
}
