using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>Runs a plan: captions are written once, results are kept, tables are printed.</summary>
/// <param name="plan">The plan.</param>
/// <param name="workFolder">Where videos, frames, captions and results are kept.</param>
/// <param name="progress">Takes lines for people.</param>
/// <param name="cancellationToken">Ends the work; what is finished is kept.</param>
public sealed class AblationRun(AblationPlan plan, string workFolder, IProgress<string>? progress, CancellationToken cancellationToken)
{
    /// <summary>Runs all conditions.</summary>
    /// <returns>The finished tables.</returns>
    public IReadOnlyList<AblationTable> Run()
    {
        foreach (var checkpoint in plan.Tables.SelectMany(plan.Conditions).Select(row => row.Condition.Checkpoint).OfType<string>().Distinct())
            CheckpointFormats.Require<DualEncoderCheckpoint>(checkpoint);      // before the long work
        var runner = new ConditionRunner(plan.ToModels().Checked(), workFolder, progress, cancellationToken);
        var count = new ConditionCount(plan.Tables.Sum(table => plan.Conditions(table).Count()) * plan.DataSets.Count * plan.Seeds.Count, progress);
        var sets = plan.Seeds.ToDictionary(seed => seed, seed => plan.DataSets.Select(set => Load(set, seed, runner)).ToList());
        foreach (var all in sets.Values) RequireUnseen(all);
        return
        [
            .. plan.Tables.Select(table => new AblationTable(table.Title, [.. plan.DataSets.Select(set => set.Name)],
                [.. plan.Conditions(table).Select(condition => Row(table, condition, sets, runner, count))])),
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

    private ExperimentData Load(PlannedDataSet set, int seed, ConditionRunner runner)
    {
        var data = set.Load(seed, Path.Combine(workFolder, "videos"), progress, cancellationToken);
        runner.Prepare(data);
        return data;
    }

    /// <summary>Refuses to test on a video that a condition trains on, whatever it is called there.</summary>
    /// <exception cref="InvalidDataException">There is one; the message names both.</exception>
    private void RequireUnseen(IReadOnlyList<ExperimentData> all)
    {
        var leaks = new LeakCheck();
        foreach (var set in all) leaks.Require([set], [set]);
        foreach (var names in plan.Tables.SelectMany(plan.Conditions).Select(row => row.Condition.TrainOn).OfType<IReadOnlyList<string>>())
            leaks.Require([.. names.Distinct().Select(name => all.First(set => set.Name == name))], all);
    }

    private AblationRow Row(
        PlannedTable table, NamedCondition row, Dictionary<int, List<ExperimentData>> sets, ConditionRunner runner, ConditionCount count)
    {
        // One training for all tests where the data sets are named, else one for each data set.
        var condition = row.Condition;
        List<RetrievalMetrics> Of(int index) =>
        [
            .. plan.Seeds.Select(seed =>
            {
                var all = sets[seed];
                IReadOnlyList<ExperimentData> train = condition.TrainOn is { } names ? [.. names.Select(name => all.First(set => set.Name == name))] : [all[index]];
                IReadOnlyList<ExperimentData> tests = condition.TrainOn is null ? [all[index]] : all;
                var result = count.Done(condition, runner.Run($"{table.Title}, {row.Name}, seed {seed}", condition, train, tests, seed));
                return result.Tests[all[index].Name].Of(table.Pooling).TextToVideo;
            }),
        ];
        return new(row.Name, [.. Enumerable.Range(0, plan.DataSets.Count).Select(Of)]);
    }
}
