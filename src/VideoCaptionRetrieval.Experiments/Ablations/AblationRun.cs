using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>Runs a plan: captions are written once, results are kept, tables are printed.</summary>
/// <param name="plan">The plan.</param>
/// <param name="workFolder">Where videos, frames and captions are kept.</param>
/// <param name="resultFolder">Where results are kept, one file each, and taken up from; null = in the work folder.</param>
/// <param name="progress">Takes lines for people.</param>
/// <param name="cancellationToken">Ends the work; what is finished is kept.</param>
public sealed class AblationRun(AblationPlan plan, string workFolder, string? resultFolder, IProgress<string>? progress, CancellationToken cancellationToken)
{
    /// <summary>Runs all conditions.</summary>
    /// <returns>The finished tables.</returns>
    public IReadOnlyList<AblationTable> Run()
    {
        foreach (var checkpoint in plan.Tables.SelectMany(plan.Conditions).Select(row => row.Condition.Checkpoint).OfType<string>().Distinct())
            CheckpointFormats.Require<DualEncoderCheckpoint>(checkpoint);      // before the long work
        var runner = new ConditionRunner(plan.ToModels().Checked(), workFolder, resultFolder, progress, cancellationToken);
        var count = new ConditionCount(plan.Tables.Sum(table => plan.Conditions(table).Count()) * plan.DataSets.Count * plan.Seeds.Count, progress);
        var sets = plan.Seeds.ToDictionary(seed => seed, seed => plan.DataSets.Select(set => set.Load(seed, Path.Combine(workFolder, "videos"), progress, cancellationToken)).ToList());
        foreach (var all in sets.Values) RequireUnseen(all);
        return
        [
            .. plan.Tables.Select(table =>
            {
                var rows = plan.Conditions(table).Select(row => (row.Name, Results: Results(table, row, sets, runner, count))).ToList();
                var reference = Math.Max(0, rows.FindIndex(row => row.Name == table.Reference));
                AblationRow[] finished = [.. rows.Select(row => Row(table, row.Name, row.Results, rows[reference].Results))];
                return new AblationTable(table.Title, [.. plan.DataSets.Select(set => set.Name)], finished, finished[reference]);
            }),
        ];
    }

    /// <summary>Writes tables.md and tables.csv.</summary>
    public static void Write(string folder, IReadOnlyList<AblationTable> tables)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.Create(Path.Combine(folder, "tables.md"), path => File.WriteAllText(path, string.Join('\n', tables.Select(table => table.Markdown()))));
        AtomicFile.Create(Path.Combine(folder, "tables.csv"),
            path => File.WriteAllLines(path, tables.SelectMany(table => table.CsvLines()).Prepend(AblationTable.CsvHeader)));
    }

    /// <summary>Refuses to test on a video that a condition trains on, whatever it is called there.</summary>
    /// <exception cref="InvalidDataException">There is one; the message names both.</exception>
    private void RequireUnseen(IReadOnlyList<ExperimentData> all)
    {
        // A copy of a rendered video can be told by its content alone.
        if (plan.DataSets.Any(set => set.World is null))
            foreach (var set in all) set.Render();
        var leaks = new LeakCheck();
        foreach (var set in all) leaks.Require([set], [set]);
        foreach (var names in plan.Tables.SelectMany(plan.Conditions).Select(row => row.Condition.TrainOn).OfType<IReadOnlyList<string>>())
            leaks.Require([.. names.Distinct().Select(name => all.First(set => set.Name == name))], all);
    }

    /// <summary>The results of a condition: for each data set that is tested on, seed after seed.</summary>
    private List<List<ConditionResult>> Results(
        PlannedTable table, NamedCondition row, Dictionary<int, List<ExperimentData>> sets, ConditionRunner runner, ConditionCount count)
    {
        // One training for all tests where the data sets are named, else one for each data set.
        var condition = row.Condition;
        List<ConditionResult> Of(int index) =>
        [
            .. plan.Seeds.Select(seed =>
            {
                var all = sets[seed];
                IReadOnlyList<ExperimentData> train = condition.TrainOn is { } names ? [.. names.Select(name => all.First(set => set.Name == name))] : [all[index]];
                IReadOnlyList<ExperimentData> tests = condition.TrainOn is null ? [all[index]] : all;
                return count.Done(condition, runner.Run($"{table.Title}, {row.Name}, seed {seed}", condition, train, tests, seed));
            }),
        ];
        return [.. Enumerable.Range(0, plan.DataSets.Count).Select(Of)];
    }

    private AblationRow Row(PlannedTable table, string name, List<List<ConditionResult>> results, List<List<ConditionResult>> reference)
    {
        IReadOnlyList<TestScores> Scores(List<List<ConditionResult>> of, int set) =>
            [.. of[set].Select(result => result.Tests[plan.DataSets[set].Name].Of(table.Pooling))];
        var sets = Enumerable.Range(0, plan.DataSets.Count).ToList();
        return new(name, [.. sets.Select(set => Scores(results, set).Select(scores => scores.TextToVideo).ToList())],
            [.. sets.Select(set => TestScores.Gain(Scores(results, set), Scores(reference, set)))],
            [.. results.SelectMany(runs => runs).SelectMany(result => result.Warnings).Distinct()]);
    }
}
