namespace VideoCaptionRetrieval;

/// <summary>The curve of the learning rate after warm-up.</summary>
public enum LearningRateDecay
{
    /// <summary>The full rate to the end.</summary>
    Constant,

    /// <summary>Straight from the full rate to 0.</summary>
    Linear,

    /// <summary>Half a cosine wave from the full rate to 0.</summary>
    Cosine,
}
