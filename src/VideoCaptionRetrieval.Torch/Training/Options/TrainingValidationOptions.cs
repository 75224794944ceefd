namespace VideoCaptionRetrieval;

/// <summary>
/// How <see cref="MultiCaptionRetrievalTrainer"/> uses its validation set: after every epoch, each caption of its videos is a query for its video.
/// </summary>
public sealed class TrainingValidationOptions
{
    internal TrainingValidationOptions()
    {
    }

    /// <summary>
    /// The share of the videos that is kept out of the training as the validation set, drawn by the seed. At least 0, below 1. Without effect
    /// where Fit is given videos for validation.
    /// </summary>
    /// <value>The default value is 0: all videos are trained on.</value>
    public double Fraction { get; set; }

    /// <summary>
    /// Whether the model of the epoch that did best on the validation set (text-to-video recall at 1, then mean reciprocal rank) is kept,
    /// instead of the last one.
    /// </summary>
    /// <value>The default value is true.</value>
    public bool KeepBest { get; set; } = true;

    /// <summary>Stops after this many epochs without improvement on the validation set; at least 1.</summary>
    /// <value>The default value is null: the training is never stopped early.</value>
    public int? EarlyStoppingPatience { get; set; }

    internal TrainingValidationOptions Copy() => (TrainingValidationOptions)MemberwiseClone();
}
