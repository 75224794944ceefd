using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval;

/// <summary>
/// What <see cref="MultiCaptionRetrievalTrainer"/> minimises: similarity of a video and its captions, and the loss. The defaults are the
/// paper's (https://arxiv.org/abs/2404.17498), with the checkpoint's logit scale.
/// </summary>
public sealed class TrainingObjectiveOptions
{
    /// <summary>Default of <see cref="QueryScoringTemperature"/> (the paper).</summary>
    public const double DefaultQueryScoringTemperature = FrameScoring.DefaultTemperature;

    internal TrainingObjectiveOptions()
    {
    }

    /// <summary>Which of a video's captions a step uses.</summary>
    /// <value>The default value is <see cref="VideoCaptionRetrieval.CaptionSampling.All"/>.</value>
    public CaptionSampling CaptionSampling { get; set; } = CaptionSampling.All;

    /// <summary>How a video's captions are weighted.</summary>
    /// <value>The default value is <see cref="VideoCaptionRetrieval.CaptionWeighting.Mean"/>.</value>
    public CaptionWeighting CaptionWeighting { get; set; } = CaptionWeighting.Mean;

    /// <summary>How frames are pooled. The model keeps it for search.</summary>
    /// <value>The default value is <see cref="FramePooling.QueryScoring"/>.</value>
    public FramePooling Pooling { get; set; } = FramePooling.QueryScoring;

    /// <summary>
    /// τ of the softmax over frames in query scoring, above 0; not CLIP's temperature, which is 1 / <see cref="FixedLogitScale"/>. The model
    /// keeps it for search.
    /// </summary>
    /// <value>The default value is 0.1.</value>
    public double QueryScoringTemperature { get; set; } = DefaultQueryScoringTemperature;

    /// <summary>Whether frames are normalised to unit length before they are pooled. The model keeps it for search.</summary>
    /// <value>The default value is false, as in the reference implementation of query scoring; CLIP4Clip's mean pooling does it.</value>
    public bool NormaliseFrames { get; set; }

    /// <summary>Which pairs of a batch are no negatives of each other, although they are not of one video.</summary>
    /// <value>
    /// The default value is <see cref="VideoCaptionRetrieval.FalseNegatives.MaskSameFile"/>: parts of one file are not told apart. The paper, whose
    /// videos are whole files, does not say.
    /// </value>
    public FalseNegatives FalseNegatives { get; set; } = FalseNegatives.MaskSameFile;

    /// <summary>How the two directions of the loss are combined.</summary>
    /// <value>The default value is <see cref="VideoCaptionRetrieval.BidirectionalLoss.Sum"/>.</value>
    public BidirectionalLoss BidirectionalLoss { get; set; } = BidirectionalLoss.Sum;

    /// <summary>
    /// A fixed factor between a similarity in [−1, 1] and a logit of the loss, above 0; the checkpoint's own stays as it was. 1 is the paper's
    /// equation to the letter, with weak gradients; CLIP's own training started from 1 / 0.07.
    /// </summary>
    /// <value>
    /// The default value is null: the checkpoint's (1 / 0.07 where a BLIP checkpoint has none), trained with the rest and kept at or below 100
    /// after each step, as in CLIP and CLIP4Clip. <see cref="TrainingFreezeOptions.LogitScale"/> keeps it as it is.
    /// </value>
    public double? FixedLogitScale { get; set; }

    /// <summary>
    /// Whether a BLIP is also trained to say if a video and a text match, which re-ranking asks it
    /// (<see cref="RetrievalEvaluationOptions.Rerank"/>): for each video a caption of another one, and for each caption another video, drawn by
    /// their similarity; cross-entropy over own and drawn pairs, added to the loss (BLIP, models/blip_retrieval.py; appendix E of the paper,
    /// which uses 4 frames in training and 8 at test). The text encoder then runs about three times as often. Not with
    /// <see cref="TrainingPrecision.Half"/>.
    /// </summary>
    /// <value>The default value is false. A CLIP has no head for it.</value>
    public bool ImageTextMatching { get; set; }

    internal FrameScoring FrameScoring => new() { Pooling = Pooling, Temperature = QueryScoringTemperature, NormaliseFrames = NormaliseFrames };

    internal TrainingObjectiveOptions Copy() => (TrainingObjectiveOptions)MemberwiseClone();
}
