namespace VideoCaptionRetrieval;

/// <summary>
/// How <see cref="MultiCaptionRetrievalTrainer"/> optimises, beside <see cref="MultiCaptionRetrievalOptions.LearningRate"/>. By default Adam with
/// one learning rate for all parameters, which falls to 0 along a cosine, step by step.
/// </summary>
public sealed class TrainingOptimizationOptions
{
    internal TrainingOptimizationOptions()
    {
    }

    /// <summary>The learning rate of the two projections, and of BLIP's matching head; above 0.</summary>
    /// <value>The default value is null: <see cref="MultiCaptionRetrievalOptions.LearningRate"/>.</value>
    public double? ProjectionLearningRate { get; set; }

    /// <summary>The learning rate of the logit scale, above 0.</summary>
    /// <value>The default value is null: <see cref="MultiCaptionRetrievalOptions.LearningRate"/>.</value>
    public double? LogitScaleLearningRate { get; set; }

    /// <summary>The curve of the learning rates after the warm-up, step by step.</summary>
    /// <value>The default value is <see cref="VideoCaptionRetrieval.LearningRateDecay.Cosine"/>.</value>
    public LearningRateDecay LearningRateDecay { get; set; } = LearningRateDecay.Cosine;

    /// <summary>The share of the training in which the learning rates rise from 0, rounded up to whole steps; 0 to 1.</summary>
    /// <value>The default value is 0: no warm-up. CLIP4Clip uses 0.1.</value>
    public double WarmupRatio { get; set; }

    /// <summary>The steps of the warm-up, instead of <see cref="WarmupRatio"/>; at least 0.</summary>
    /// <value>The default value is null: <see cref="WarmupRatio"/> decides.</value>
    public int? WarmupSteps { get; set; }

    /// <summary>Decoupled weight decay per unit of learning rate (AdamW), at least 0. Biases, norms and the logit scale never decay.</summary>
    /// <value>The default value is 0. CLIP4Clip uses 0.2.</value>
    public double WeightDecay { get; set; }

    /// <summary>Scales all gradients of a step down where their norm, taken together, is larger than this; above 0.</summary>
    /// <value>The default value is null: gradients are not clipped.</value>
    public double? MaxGradientNorm { get; set; }

    internal TrainingOptimizationOptions Copy() => (TrainingOptimizationOptions)MemberwiseClone();
}
