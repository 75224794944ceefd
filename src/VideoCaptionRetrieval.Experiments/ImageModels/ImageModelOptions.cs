

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
