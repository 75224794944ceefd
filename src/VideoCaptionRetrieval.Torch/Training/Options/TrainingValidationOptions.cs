using VideoCaptionRetrieval.Evaluation;

namespace VideoCaptionRetrieval;

/// <summary>
/// How <see cref="MultiCaptionRetrievalTrainer"/> uses its validation set: after every epoch, each caption of its videos is a query for its video.
/// </summary>
/// <remarks>
/// Frames are those that a test takes, the middle of each segment. They are decoded once, and kept in a temporary file. Captions that a captioner
/// wrote are not what people ask for: give <see cref="Queries"/> where there are some.
/// </remarks>
public sealed class TrainingValidationOptions
{
    internal TrainingValidationOptions()
    {
    }

    /// <summary>
    /// The share of the videos that is kept out of the training as the validation set, drawn by the seed. At least 0, below 1. Parts of one video
    /// file stay together, so that the share is met as nearly as files allow. Without effect where Fit is given videos for validation.
    /// </summary>
    /// <value>The default value is 0: all videos are trained on.</value>
    public double Fraction { get; set; }

    /// <summary>
    /// What people ask for the validation videos, in place of their captions. Videos are named as in the data; queries about others are left out.
    /// Where neither <see cref="Fraction"/> nor Fit says which videos are the validation set, it is those that the queries are about, and training
    /// leaves out all parts of their files.
    /// </summary>
    /// <value>The default value is null: the captions of the validation videos are the queries.</value>
    public IReadOnlyList<RetrievalQuery>? Queries { get; set; }

    /// <summary>
    /// Whether the model of the epoch that did best on the validation set (text-to-video recall at 1, then mean reciprocal rank) is kept,
    /// instead of the last one.
    /// </summary>
    /// <value>The default value is true.</value>
    public bool KeepBest { get; set; } = true;

    /// <summary>Stops after this many epochs without improvement on the validation set; at least 1.</summary>
    /// <value>The default value is null: the training is never stopped early.</value>
    public int? EarlyStoppingPatience { get; set; }

    internal TrainingValidationOptions Copy()
    {
        var copy = (TrainingValidationOptions)MemberwiseClone();
        copy.Queries = Queries is null ? null : [.. Queries];
        return copy;
    }
}
