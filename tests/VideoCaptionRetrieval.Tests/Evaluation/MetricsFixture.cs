using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.Evaluation;

/// <summary>The inputs and answers of a case of kind "metrics".</summary>
internal static partial class MetricsFixture
{
    /// <summary>Similarities, in whichever of three forms the case gives them.</summary>
    internal static SimilarityMatrix Similarities(FixtureCase fixture, SafetensorsFile file)
    {
        if (file.Entries.ContainsKey("frames")) return FromSentences(fixture, file);
        if (!file.Entries.ContainsKey("captions")) return Matrix(file, "similarities");
        var (captions, videos, dimension) = (file.Floats("captions"), file.Floats("videos"), file.Shape("videos")[1]);
        var (queries, count) = (captions.Length / dimension, videos.Length / dimension);
        var values = new float[queries * count];
        for (var q = 0; q < queries; q++)
            for (var v = 0; v < count; v++)
                for (var d = 0; d < dimension; d++) values[q * count + v] += captions[q * dimension + d] * videos[v * dimension + d];
        return new(values, queries, count);
    }

    internal static SimilarityMatrix Matrix(SafetensorsFile file, string name) => new(file.Floats(name), file.Shape(name)[0], file.Shape(name)[1]);

    internal static IEnumerable<TieRule> Rules(FixtureCase fixture) => fixture.Options["tieRules"]!.AsArray().Select(Rule);

    internal static TieRule Rule(JsonNode? name) => name!.GetValue<string>() switch
    {
        "mid" => TieRule.Mid,
        "optimistic" => TieRule.Optimistic,
        "pessimistic" => TieRule.Pessimistic,
        var other => throw new NotSupportedException($"tie rule '{other}'"),
    };

    /// <summary>Compares metrics with an object like {"R@1": …, "median_rank": …}.</summary>
    internal static void AssertMetrics(JsonNode answers, IReadOnlyList<double> ranks, RetrievalMetrics metrics, double tolerance)
    {
        Assert.NotEmpty(answers.AsObject());
        foreach (var (name, expected) in answers.AsObject())
        {
            var got = Cutoff().Match(name) is { Success: true } match
                ? RetrievalMetrics.RecallPercent(ranks, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
                : Value(metrics, name);
            AssertNumber(name, expected, got, tolerance);
        }
        double[] recalls = [metrics.RecallAt1, metrics.RecallAt5, metrics.RecallAt10, metrics.RecallAt50];
        Assert.Equal(new[] { 1, 5, 10, 50 }.Select(k => RetrievalMetrics.RecallPercent(ranks, k)), recalls);
    }

    internal static void AssertNumber(string name, JsonNode? expected, double got, double tolerance)
    {
        var want = expected?.GetValue<double>() ?? double.NaN;
        Assert.True(Math.Abs(want - got) <= tolerance || (double.IsNaN(want) && double.IsNaN(got)), Invariant($"{name}: expected {want}, got {got}"));
    }

    private static double Value(RetrievalMetrics metrics, string name) => name switch
    {
        "median_rank" => metrics.MedianRank,
        "mean_rank" => metrics.MeanRank,
        "mrr" => metrics.MeanReciprocalRank,
        "queries" => metrics.Queries,
        _ => throw new NotSupportedException($"metric '{name}'"),
    };

    private static SimilarityMatrix FromSentences(FixtureCase fixture, SafetensorsFile file)
    {
        var (frames, sentences, mask) = (file.Floats("frames"), file.Floats("sentences"), file.Integers("sentence_mask"));
        var (count, dimension) = (file.Shape("frames")[1], file.Shape("frames")[2]);
        var slots = file.Shape("sentences")[1];
        var videos = frames.Chunk(count * dimension).ToArray();
        var queries = sentences.Chunk(slots * dimension).Select((rows, query) => rows.Chunk(dimension)
            .Where((_, slot) => mask[query * slots + slot] != 0).SelectMany(row => row).ToArray()).ToArray();
        var scoring = new FrameScoring { Temperature = fixture.Options["tau"]!.GetValue<double>() };
        return new RetrievalEvaluator { Scoring = scoring }.Similarities(videos, queries, dimension);
    }

    [GeneratedRegex(@"^R@(\d+)$")]
    private static partial Regex Cutoff();
}
