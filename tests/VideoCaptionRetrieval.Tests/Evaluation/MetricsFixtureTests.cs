using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.Evaluation;

[Trait("Category", "Fixtures")]
public sealed class MetricsFixtureTests
{
    public static TheoryData<string> Cases => FixtureCase.OfKind("metrics");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Evaluate_Fixture_MatchesReference(string row)
    {
        var fixture = FixtureCase.Open(row);
        using var file = fixture.Tensors();
        if (file.Entries.ContainsKey("resample_indices")) BootstrapFixture.AssertMatches(fixture, file);
        else AssertRanksAndMetrics(fixture, file);
    }

    private static void AssertRanksAndMetrics(FixtureCase fixture, SafetensorsFile file)
    {
        var (similarities, owners) = (MetricsFixture.Similarities(fixture, file), file.Integers("owner"));
        if (file.Entries.ContainsKey("similarities") && fixture.Json["expected"]!["similarities"] is not null)
            AssertSimilarities(fixture, file, similarities);
        foreach (var rule in MetricsFixture.Rules(fixture))
            foreach (var protocol in Enum.GetValues<VideoToTextProtocol>())
                AssertEvaluation(fixture, file, new RetrievalEvaluator { TieRule = rule, Protocol = protocol }.Evaluate(similarities, owners), rule, protocol);
    }

    private static void AssertEvaluation(
        FixtureCase fixture, SafetensorsFile file, RetrievalEvaluation got, TieRule rule, VideoToTextProtocol protocol)
    {
        var (ruleName, protocolName) = (rule.ToString().ToLowerInvariant(), protocol.ToString().ToLowerInvariant());
        AssertRanks($"text_to_video_ranks.{ruleName}", got.TextToVideoRanks);
        AssertRanks($"video_to_text_{protocolName}_ranks.{ruleName}", got.VideoToTextRanks);

        var (answers, tolerance) = (fixture.Json["answers"]!, fixture.Json["answerTolerance"]!.GetValue<double>());
        MetricsFixture.AssertMetrics(answers["textToVideo"]![ruleName]!, got.TextToVideoRanks, got.TextToVideo, tolerance);
        MetricsFixture.AssertMetrics(answers["videoToText"]![protocolName]![ruleName]!, got.VideoToTextRanks, got.VideoToText, tolerance);
        Assert.Equal(answers["nan"]!["entries"]!.GetValue<int>(), got.UndefinedSimilarities);
        Assert.Equal(answers["nan"]!["queries"]!.GetValue<int>(), got.UndefinedQueries);

        void AssertRanks(string name, IReadOnlyList<double> ranks) => Closeness.AssertClose(
            $"{fixture.Name}/{name}", file.Floats(name).Widen(), ranks.ToArray(), fixture.Tolerance(name));
    }

    private static void AssertSimilarities(FixtureCase fixture, SafetensorsFile file, SimilarityMatrix got)
    {
        var values = Enumerable.Range(0, got.Queries).SelectMany(query => got.Row(query).ToArray()).Widen();
        Closeness.AssertClose($"{fixture.Name}/similarities", file.Floats("similarities").Widen(), values, fixture.Tolerance("similarities"));
    }
}
