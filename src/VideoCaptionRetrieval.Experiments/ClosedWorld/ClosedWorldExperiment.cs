using VideoCaptionRetrieval.Experiments.Ablations;
using VideoCaptionRetrieval.Experiments.ClosedWorld;

namespace VideoCaptionRetrieval.Experiments;

/// <summary>
/// Tries the paper's claim in the closed world: does a CLIP find unseen videos better after it was fine-tuned on captions that image
/// captioners wrote of unlabelled videos? (Ventura, Schmid, Varol, IJCV 2024.)
/// </summary>
/// <remarks>
/// Image models see still images only, training videos give pixels only, and test videos and their sentences are used for the test alone.
/// Results are kept one by one: a run that was ended goes on, and one with more conditions pays only for these.
/// </remarks>
public static class ClosedWorldExperiment
{
    private const string World = "shapes", ManyScenes = "many scenes";
    private const int ScenesPerVideo = 3;

    /// <summary>Runs the conditions and writes results.json, results.csv, report.md, gains.svg, and with all conditions scaling.svg.</summary>
    /// <param name="outputFolder">Made where it does not exist; its files are replaced.</param>
    /// <param name="options">Seeds, sizes, folders.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    /// <exception cref="Models.ModelFileException">A model is missing or damaged.</exception>
    /// <exception cref="FileNotFoundException">ffmpeg is not installed.</exception>
    public static ClosedWorldSummary Run(string outputFolder, ClosedWorldOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (!options.Remake) ExperimentModels.In(options.ModelFolder).Checked();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var conditions = ClosedWorldCondition.List(options.AllConditions, options.TrainVideos);
        var count = new ConditionCount(options.Seeds.Count * conditions.Count, options.Progress);
        var outcomes = options.Seeds.SelectMany(seed => RunSeed(seed, conditions, count, options)).ToList();
        var report = new ClosedWorldReport(outcomes, World, ManyScenes);
        report.Write(outputFolder, options, clock.Elapsed);
        return report.Summary();
    }

    private static IEnumerable<ClosedWorldOutcome> RunSeed(int seed, IReadOnlyList<ClosedWorldCondition> conditions, ConditionCount count, ClosedWorldOptions options)
    {
        var modelSeed = options.Remake ? seed : ShippedModels.Seed;
        var models = ExperimentModels.In(options.Remake ? Remake(seed, options) : options.ModelFolder);
        var data = Data(World, seed, scenes: 1, options.TrainVideos, options.TestVideos, options);
        var scenes = Data(ManyScenes, seed, ScenesPerVideo, trainVideos: 0, Math.Max(2, options.TestVideos / ScenesPerVideo), options);
        var runner = new ConditionRunner(models, options.WorkFolder, options.ResultFolder, options.Progress, options.CancellationToken);
        foreach (var condition in conditions)
        {
            var stills = condition.Condition.Captions == CaptionOrigin.Stills ? ShippedModels.CleanStills(modelSeed) : null;
            var result = runner.Run($"seed {seed}, {condition.Name}", condition.Condition, [data], [data, scenes], seed, stills);
            yield return new(seed, condition, count.Done(condition.Condition, result));
        }
    }

    private static ExperimentData Data(string name, int seed, int scenes, int trainVideos, int testVideos, ClosedWorldOptions options) => WorldData.Make(
        name, new() { Seed = seed, Gap = options.Gap, ScenesPerVideo = scenes }, trainVideos, testVideos, TestSplit.Test, Path.Combine(options.WorkFolder, "videos"),
        options.Progress, options.CancellationToken);

    private static string Remake(int seed, ClosedWorldOptions options)
    {
        var folder = Path.Combine(options.WorkFolder, Invariant($"models-{seed}"));
        ShippedModels.Make(folder, seed, options.Progress, options.CancellationToken);
        return folder;
    }
}
