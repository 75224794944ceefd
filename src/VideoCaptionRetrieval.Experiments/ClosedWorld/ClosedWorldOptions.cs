using VideoCaptionRetrieval.Experiments.Ablations;

namespace VideoCaptionRetrieval.Experiments;

/// <summary>Options of <see cref="ClosedWorldExperiment"/>.</summary>
public sealed record ClosedWorldOptions
{
    /// <summary>Default of <see cref="TrainVideos"/>.</summary>
    public const int DefaultTrainVideos = WorldData.DefaultTrainVideos;

    /// <summary>Default of <see cref="TestVideos"/>.</summary>
    public const int DefaultTestVideos = WorldData.DefaultTestVideos;

    /// <summary>A folder with the image models: clip, blip, clipcap. Ignored under <see cref="Remake"/>.</summary>
    public string ModelFolder { get; init; } = "models";

    /// <summary>Whether each seed trains image models of its own, from nothing.</summary>
    /// <value>The default value is false: those of <see cref="ModelFolder"/> are used.</value>
    public bool Remake { get; init; }

    /// <summary>Each seed draws videos, sentences and the fine-tuning anew.</summary>
    /// <value>The default value is 1, 2, 3.</value>
    public IReadOnlyList<int> Seeds { get; init; } = [1, 2, 3];

    /// <summary>Whether controls, the upper bound and the curve over the number of videos are run too.</summary>
    /// <value>The default value is false: the frozen model and the method.</value>
    public bool AllConditions { get; init; }

    /// <summary>Videos to train on, at least 2.</summary>
    /// <value>The default value is 1,200.</value>
    public int TrainVideos { get; init; } = DefaultTrainVideos;

    /// <summary>Videos to test on, at least 2.</summary>
    /// <value>The default value is 1,000.</value>
    public int TestVideos { get; init; } = DefaultTestVideos;

    /// <summary>How far videos are from still images (<see cref="ShapeWorldOptions.Gap"/>).</summary>
    /// <value>The default value is 0.5.</value>
    public double Gap { get; init; } = ShapeWorldOptions.DefaultGap;

    /// <summary>Where videos, frames and captions are kept: another run pays only for what is new.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Where the result of each condition and seed is kept as it ends; those that lie there are not computed again.</summary>
    /// <value>The default value is null: a folder in <see cref="WorkFolder"/>.</value>
    public string? ResultFolder { get; init; }

    /// <summary>Takes lines for people.</summary>
    public IProgress<string>? Progress { get; init; }

    /// <summary>Ends the work; what is finished is kept.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <exception cref="ArgumentException">Lists every value that is out of range.</exception>
    internal void Validate()
    {
        var faults = new List<string>();
        if (Seeds.Count == 0) faults.Add($"{nameof(Seeds)} is empty");
        if (Seeds.Distinct().Count() < Seeds.Count) faults.Add($"{nameof(Seeds)} holds a seed twice: '{string.Join(", ", Seeds)}'");
        if (TrainVideos < 2) faults.Add($"{nameof(TrainVideos)} is '{TrainVideos}', expected at least 2");
        if (TestVideos < 2) faults.Add($"{nameof(TestVideos)} is '{TestVideos}', expected at least 2");
        if (!(Gap >= 0) || !double.IsFinite(Gap)) faults.Add(Invariant($"{nameof(Gap)} is '{Gap}', expected a number of at least 0"));
        if (faults.Count > 0) throw new ArgumentException($"The options of the proof are not valid: {string.Join("; ", faults)}.");
    }
}
