namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>How the image models are trained. The defaults take some minutes on two processor cores.</summary>
internal sealed record ImageModelOptions
{
    /// <summary>The supervised start of a vision tower.</summary>
    internal StageOptions Eye { get; init; } = new(Steps: 800, BatchSize: 64, LearningRate: 1e-3, WarmupSteps: 50);

    internal StageOptions Clip { get; init; } = new(Steps: 1200, BatchSize: 128, LearningRate: 1.5e-3);

    internal StageOptions Blip { get; init; } = new(Steps: 1000, BatchSize: 64, LearningRate: 1.5e-3);

    internal StageOptions BlipRetrieval { get; init; } = new(Steps: 800, BatchSize: 64, LearningRate: 1.5e-3);

    internal StageOptions BlipMatching { get; init; } = new(Steps: 600, BatchSize: 64, LearningRate: 1e-3);

    internal StageOptions ClipCap { get; init; } = new(Steps: 800, BatchSize: 64, LearningRate: 1.5e-3);

    /// <summary>Seed of the weights and of the order of the images; not negative.</summary>
    internal int Seed { get; init; } = 1;

    internal IEnumerable<string> Faults() =>
    [
        .. Eye.Faults(nameof(Eye)), .. Clip.Faults(nameof(Clip)), .. Blip.Faults(nameof(Blip)), .. ClipCap.Faults(nameof(ClipCap)),
        .. BlipRetrieval.Faults(nameof(BlipRetrieval)), .. BlipMatching.Faults(nameof(BlipMatching)),
        .. Seed < 0 ? [$"{nameof(Seed)} is '{Seed}', expected at least 0"] : Array.Empty<string>(),
    ];
}

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
            yield return Invariant($"{name}.{nameof(LearningRate)} is '{LearningRate}', expected a number above 0");
        if (WarmupSteps < 0) yield return $"{name}.{nameof(WarmupSteps)} is '{WarmupSteps}', expected at least 0";
    }
}

/// <summary>The sizes that all three networks share: about 0.9 million weights each.</summary>
internal static class NetworkShape
{
    /// <summary>Pixels of a patch's side. Things of the closed world lie in cells of this size.</summary>
    internal const int Patch = 16;

    internal const int Width = 128, Hidden = 2 * Width, VisionLayers = 3, TextLayers = 2, Heads = 4;
}
