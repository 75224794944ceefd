

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>How long and how fast a part is trained.</summary>
/// <param name="Steps">Steps, at least 1.</param>
/// <param name="BatchSize">Images of a step, at least 2.</param>
/// <param name="LearningRate">The highest learning rate; it rises from 0 and falls to 0 along a cosine.</param>
/// <param name="WarmupSteps">Steps before the highest rate.</param>
internal sealed record StageOptions(int Steps, int BatchSize, double LearningRate, int WarmupSteps = StageOptions.DefaultWarmupSteps)
{
    internal const int DefaultWarmupSteps = 100;

    internal IEnumerable<string> Faults(string name)
    {
        if (Steps < 1) yield return $"{name}.{nameof(Steps)} is '{Steps}', expected at least 1";
        if (BatchSize < 2) yield return $"{name}.{nameof(BatchSize)} is '{BatchSize}', expected at least 2";
        if (!(LearningRate > 0) || !double.IsFinite(LearningRate))
            yield return $"{name}.{nameof(LearningRate)} is '{LearningRate}', expected a number above 0";
        if (WarmupSteps < 0) yield return $"{name}.{nameof(WarmupSteps)} is '{WarmupSteps}', expected at least 0";
    }
}
