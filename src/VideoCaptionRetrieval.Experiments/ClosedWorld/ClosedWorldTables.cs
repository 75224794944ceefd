using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using VideoCaptionRetrieval.Experiments.Ablations;

namespace VideoCaptionRetrieval.Experiments.ClosedWorld;

/// <summary>The tables of a proof, in Markdown.</summary>
/// <param name="outcomes">All outcomes.</param>
/// <param name="world">The name of the main test.</param>
/// <param name="manyScenes">The name of the test with videos of several scenes.</param>
internal sealed class ClosedWorldTables(IReadOnlyList<ClosedWorldOutcome> outcomes, string world, string manyScenes)
{
    private readonly List<int> _seeds = [.. outcomes.Select(outcome => outcome.Seed).Distinct()];
    private readonly List<ClosedWorldCondition> _conditions = [.. outcomes.Select(outcome => outcome.Condition).DistinctBy(condition => condition.Name)];

    internal string Text(ClosedWorldOptions options, TimeSpan elapsed)
    {
        var text = new StringBuilder("# Does training on automatic captions beat the frozen model?\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{options.TrainVideos} unlabelled training videos, {options.TestVideos} test videos, gap {options.Gap:0.##}, ")
            .Append(options.Remake ? "image models trained anew for each seed" : "the shipped image models")
            .Append(CultureInfo.InvariantCulture, $". τ: {Temperatures()}. This run took {elapsed.TotalMinutes:0.0} minutes on {Environment.ProcessorCount} cores ")
            .Append(CultureInfo.InvariantCulture, $"({RuntimeInformation.OSDescription}); what was finished before is not counted.\n")
            .Append("Gains are paired differences in text-to-video R@1 to the better frozen pooling of the same seed, in points, with 95 % bootstrap intervals.\n");
        foreach (var (test, title) in new[] { (world, "One scene a video"), (manyScenes, "Three scenes a video, a sentence about one of them") })
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n");
            foreach (var seed in _seeds) SeedTable(text, test, seed);
        }
        MeanTable(text);
        DifferenceTable(text);
        StillsTable(text);
        return text.ToString();
    }

    private string Temperatures() => string.Join(", ",
        outcomes.DistinctBy(one => one.Seed).Select(one => one.Result.Temperature.ToString("0.00", CultureInfo.InvariantCulture)));

    private void SeedTable(StringBuilder text, string test, int seed)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nSeed {seed}. Text to video R@1 / R@5 / R@10 / median rank; video to text R@1.\n\n");
        text.Append("| condition | mean pooling | gain | v→t | query scoring | gain | v→t |\n|---|---|---|---|---|---|---|\n");
        var frozen = Find(ClosedWorldCondition.Frozen, seed, test).Better;
        foreach (var condition in _conditions)
        {
            var scores = Find(condition.Name, seed, test);
            text.Append(CultureInfo.InvariantCulture, $"| {condition.Name} | {Cells(scores.Mean)} | {Cells(scores.QueryScoring)} |\n");
            string Cells(TestScores one) => string.Create(CultureInfo.InvariantCulture,
                $"{one.TextToVideo.RecallAt1:0.0} / {one.TextToVideo.RecallAt5:0.0} / {one.TextToVideo.RecallAt10:0.0} / {one.TextToVideo.MedianRank:0.#} | "
                + $"{(condition.Name == ClosedWorldCondition.Frozen ? "" : Comparisons.Text(one.GainOver(frozen)))} | {one.VideoToText.RecallAt1:0.0}");
        }
    }

    /// <summary>Means over seeds.</summary>
    private void MeanTable(StringBuilder text)
    {
        text.Append("\n## Text-to-video R@1, mean ± deviation over seeds\n\n")
            .Append("| condition | what it is | mean pooling | query scoring | three scenes, mean pooling | three scenes, query scoring |\n")
            .Append("|---|---|---|---|---|---|\n");
        foreach (var condition in _conditions)
        {
            string Cell(string test, FramePooling pooling) =>
                MeanAndDeviation.Text([.. _seeds.Select(seed => Find(condition.Name, seed, test).Of(pooling).TextToVideo.RecallAt1)]);
            string Cells(string test) => $"{Cell(test, FramePooling.Mean)} | {Cell(test, FramePooling.QueryScoring)}";
            text.Append(CultureInfo.InvariantCulture, $"| {condition.Name} | {condition.Meaning} | {Cells(world)} | {Cells(manyScenes)} |\n");
        }
    }

    /// <summary>What each condition differs from the method by, over the queries of all seeds.</summary>
    private void DifferenceTable(StringBuilder text)
    {
        var others = _conditions.Where(condition => condition.Name != ClosedWorldCondition.Full).ToList();
        (string Test, FramePooling Pooling)[] columns =
            [(world, FramePooling.Mean), (world, FramePooling.QueryScoring), (manyScenes, FramePooling.Mean), (manyScenes, FramePooling.QueryScoring)];
        IReadOnlyList<TestScores> Scores(ClosedWorldCondition condition, (string Test, FramePooling Pooling) column) =>
            [.. _seeds.Select(seed => Find(condition.Name, seed, column.Test).Of(column.Pooling))];
        var full = _conditions.First(condition => condition.Name == ClosedWorldCondition.Full);
        var gains = others.SelectMany(condition => columns.Select(column => TestScores.Gain(Scores(condition, column), Scores(full, column)))).ToList();
        var corrected = Comparisons.Holm([.. gains.Select(gain => gain.SignFlipP)]);
        text.Append("\n## Differences to the method\n\n| condition | mean pooling | query scoring | three scenes, mean pooling | three scenes, query scoring |\n|---|---|---|---|---|\n");
        foreach (var (row, condition) in others.Index())
        {
            var cells = Enumerable.Range(row * columns.Length, columns.Length).Select(i => Comparisons.Text(gains[i], corrected[i]));
            text.Append(CultureInfo.InvariantCulture, $"| {condition.Name} | {string.Join(" | ", cells)} |\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"\n{Comparisons.Explanation(full.Name, gains.Count)}\n");
    }

    /// <summary>What unlabelled video brings beyond careful captions of still images.</summary>
    private void StillsTable(StringBuilder text)
    {
        if (_conditions.All(condition => condition.Name != ClosedWorldCondition.Stills)) return;
        text.Append("\n## The method over training on still images alone\n\n")
            .Append("The part of the gain that unlabelled video brings; the better pooling of each.\n\n| seed | stills | full | gain |\n|---|---|---|---|\n");
        foreach (var seed in _seeds)
        {
            var (stills, full) = (Find(ClosedWorldCondition.Stills, seed, world).Better, Find(ClosedWorldCondition.Full, seed, world).Better);
            text.Append(CultureInfo.InvariantCulture, $"| {seed} | {stills.TextToVideo.RecallAt1:0.0} | {full.TextToVideo.RecallAt1:0.0} | ")
                .Append(CultureInfo.InvariantCulture, $"{Comparisons.Text(full.GainOver(stills))} |\n");
        }
    }

    private PooledScores Find(string condition, int seed, string test) =>
        outcomes.First(outcome => outcome.Seed == seed && outcome.Condition.Name == condition).Result.Tests[test];
}
