using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.Evaluation;

/// <summary>A case of kind "metrics" with given resamples and signs.</summary>
internal static class BootstrapFixture
{
    internal static void AssertMatches(FixtureCase fixture, SafetensorsFile file)
    {
        var (answers, tolerance) = (fixture.Json["answers"]!, fixture.Json["answerTolerance"]!.GetValue<double>());
        var confidence = fixture.Options["confidence"]!.GetValue<double>();
        var resampling = new GivenResampling(file.Integers("resample_indices"), file.Integers("signs"), file.Shape("signs")[0]);
        Assert.Equal(fixture.Options["resamples"]!.GetValue<int>(), resampling.Count);
        var owners = file.Integers("owner");
        var system = new RetrievalEvaluator().Evaluate(MetricsFixture.Matrix(file, "similarities"), owners);
        var other = new RetrievalEvaluator().Evaluate(MetricsFixture.Matrix(file, "similarities_other"), owners);
        MetricsFixture.AssertMetrics(answers["system"]!, system.TextToVideoRanks, system.TextToVideo, tolerance);
        MetricsFixture.AssertMetrics(answers["other"]!, other.TextToVideoRanks, other.TextToVideo, tolerance);

        AssertIntervals(answers["interval"]!, IntervalBootstrap.Compute(system.TextToVideoRanks, resampling, confidence), tolerance);
        AssertIntervals(answers["intervalOther"]!, IntervalBootstrap.Compute(other.TextToVideoRanks, resampling, confidence), tolerance);
        var comparison = PairedBootstrap.Compute(
            PairedRanks.Of(system.TextToVideoRanks, system.TextToVideoQueries, other.TextToVideoRanks, other.TextToVideoQueries), resampling, confidence);
        Assert.NotEmpty(answers["paired"]!.AsObject());
        foreach (var (name, expected) in answers["paired"]!.AsObject()) AssertDifference(name, expected!, Difference(comparison, name), tolerance);
    }

    private static void AssertIntervals(JsonNode answers, RetrievalIntervals got, double tolerance)
    {
        Assert.NotEmpty(answers.AsObject());
        foreach (var (name, expected) in answers.AsObject()) AssertInterval(name, expected!, Interval(got, name), tolerance);
    }

    private static void AssertInterval(string name, JsonNode expected, MetricInterval got, double tolerance)
    {
        MetricsFixture.AssertNumber($"{name} lower", expected[0], got.Lower, tolerance);
        MetricsFixture.AssertNumber($"{name} upper", expected[1], got.Upper, tolerance);
    }

    private static void AssertDifference(string name, JsonNode expected, PairedDifference got, double tolerance)
    {
        MetricsFixture.AssertNumber($"{name} difference", expected["difference"], got.Difference, tolerance);
        AssertInterval(name, expected["interval"]!, got.Interval, tolerance);
        MetricsFixture.AssertNumber($"{name} bootstrapP", expected["bootstrapP"], got.BootstrapP, tolerance);
        MetricsFixture.AssertNumber($"{name} signFlipP", expected["signFlipP"], got.SignFlipP, tolerance);
    }

    private static MetricInterval Interval(RetrievalIntervals got, string name) => name switch
    {
        "R@1" => got.RecallAt1,
        "R@5" => got.RecallAt5,
        "R@10" => got.RecallAt10,
        "R@50" => got.RecallAt50,
        "median_rank" => got.MedianRank,
        "mean_rank" => got.MeanRank,
        "mrr" => got.MeanReciprocalRank,
        _ => throw new NotSupportedException($"metric '{name}'"),
    };

    private static PairedDifference Difference(RetrievalComparison got, string name) => name switch
    {
        "R@1" => got.RecallAt1,
        "R@5" => got.RecallAt5,
        "R@10" => got.RecallAt10,
        "R@50" => got.RecallAt50,
        "mean_rank" => got.MeanRank,
        "mrr" => got.MeanReciprocalRank,
        _ => throw new NotSupportedException($"metric '{name}'"),
    };

    private sealed class GivenResampling(int[] indices, int[] signs, int count) : IResampling
    {
        public int Count => count;

        public void Draw(int resample, Span<int> drawn) => indices.AsSpan(resample * drawn.Length, drawn.Length).CopyTo(drawn);

        public void DrawSigns(int resample, Span<sbyte> drawn)
        {
            for (var at = 0; at < drawn.Length; at++) drawn[at] = (sbyte)signs[resample * drawn.Length + at];
        }
    }
}
