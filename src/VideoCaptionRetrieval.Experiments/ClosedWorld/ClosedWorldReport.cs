using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using VideoCaptionRetrieval.Experiments.Ablations;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.Training.Runs;

namespace VideoCaptionRetrieval.Experiments.ClosedWorld;

/// <summary>Writes down what a proof came to.</summary>
/// <param name="outcomes">All outcomes, seed after seed, the frozen model of a seed first.</param>
/// <param name="world">The name of the main test.</param>
/// <param name="manyScenes">The name of the test with videos of several scenes.</param>
internal sealed class ClosedWorldReport(IReadOnlyList<ClosedWorldOutcome> outcomes, string world, string manyScenes)
{
    private static readonly FramePooling[] _poolings = [FramePooling.Mean, FramePooling.QueryScoring];
    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly Dictionary<string, List<ClosedWorldResult>> _results = [];

    /// <summary>Writes results.json, results-many-scenes.json, results.csv, report.md, gains.svg, and with all conditions scaling.svg.</summary>
    internal void Write(string folder, ClosedWorldOptions options, TimeSpan elapsed)
    {
        Directory.CreateDirectory(folder);
        void Save(string name, string text) =>
            AtomicFile.Create(Path.Combine(folder, name), temporary => File.WriteAllText(temporary, text));
        Save("results.json", JsonSerializer.Serialize(Results(world), _json) + "\n");
        Save("results-many-scenes.json", JsonSerializer.Serialize(Results(manyScenes), _json) + "\n");
        Save("results.csv", Csv());
        Save("report.md", new ClosedWorldTables(outcomes, world, manyScenes).Text(options, elapsed));
        GainPlot.Write(Path.Combine(folder, "gains.svg"), "Gain in text-to-video R@1 over the better frozen pooling, points, 95 % interval",
            [.. Results(world).Where(result => result.Gain is not null).GroupBy(result => (result.Condition, result.Pooling)).SelectMany(seeds => seeds)
                .Select(result => new PlottedGain($"{result.Condition}, {result.Pooling}, seed {result.Seed}", result.Gain!))]);
        if (options.AllConditions) CurvePlot.Write(Path.Combine(folder, "scaling.svg"), [.. _poolings.Select(pooling => Scaling(pooling, options.TrainVideos))]);
    }

    /// <summary>R@1, the mean over seeds, by the number of unlabelled videos; of none, the frozen model's.</summary>
    private (string Title, IReadOnlyList<(int Step, double Value)> Points) Scaling(FramePooling pooling, int trainVideos) => (
        $"Text-to-video R@1 by the number of unlabelled videos, {(pooling == FramePooling.Mean ? "mean pooling" : "query scoring")}",
        [
            .. outcomes.Where(outcome => outcome.Condition.Videos(trainVideos) is not null).GroupBy(outcome => outcome.Condition.Videos(trainVideos)!.Value)
                .Select(seeds => (seeds.Key, seeds.Average(outcome => outcome.Result.Tests[world].Of(pooling).TextToVideo.RecallAt1))).OrderBy(point => point.Key),
        ]);

    internal ClosedWorldSummary Summary() => new(Results(world),
    [
        .. Results(world).Where(result => result.Condition is ClosedWorldCondition.Frozen or ClosedWorldCondition.Full).Select(Line),
    ]);

    private static string Line(ClosedWorldResult result)
    {
        var gain = result.Gain is not { } gained ? "" : $", {Comparisons.Text(gained.R1, gained.Low, gained.High)} over the better frozen pooling";
        return string.Create(CultureInfo.InvariantCulture,
            $"seed {result.Seed}, {result.Condition}, {result.Pooling}: text to video R@1 {result.TextToVideo.R1:0.0}{gain}");
    }

    /// <summary>The results of a test, computed once: intervals take a while.</summary>
    private List<ClosedWorldResult> Results(string test) => _results.TryGetValue(test, out var known) ? known : _results[test] = Compute(test);

    private List<ClosedWorldResult> Compute(string test) =>
    [
        .. outcomes.SelectMany(outcome => _poolings.Select(pooling =>
        {
            var scores = outcome.Result.Tests[test].Of(pooling);
            var gain = outcome.Condition.Name == ClosedWorldCondition.Frozen ? null : ClosedWorldGain.Create(scores.GainOver(Frozen(outcome.Seed).Tests[test].Better));
            return new ClosedWorldResult(outcome.Seed, outcome.Condition.Name, pooling == FramePooling.Mean ? "mean" : "query-scoring",
                ClosedWorldRecalls.Create(scores.TextToVideo), ClosedWorldRecalls.Create(scores.VideoToText), gain);
        })),
    ];

    private ConditionResult Frozen(int seed) => outcomes.First(outcome => outcome.Seed == seed && outcome.Condition.Name == ClosedWorldCondition.Frozen).Result;

    private string Csv()
    {
        var text = new StringBuilder("test,seed,condition,pooling,t2v_r1,t2v_r5,t2v_r10,t2v_median_rank,v2t_r1,v2t_r5,v2t_r10,v2t_median_rank,gain,gain_low,gain_high\n");
        foreach (var test in new[] { world, manyScenes })
            foreach (var result in Results(test))
                text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{test},{result.Seed},{result.Condition},{result.Pooling},{Csv(result.TextToVideo)},"
                    + $"{Csv(result.VideoToText)},{result.Gain?.R1:0.00},{result.Gain?.Low:0.00},{result.Gain?.High:0.00}"));
        return text.ToString();
    }

    private static string Csv(ClosedWorldRecalls recalls) =>
        string.Create(CultureInfo.InvariantCulture, $"{recalls.R1:0.00},{recalls.R5:0.00},{recalls.R10:0.00},{recalls.MedianRank:0.0}");
}
