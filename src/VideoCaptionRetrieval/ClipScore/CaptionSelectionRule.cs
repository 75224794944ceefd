namespace VideoCaptionRetrieval;

/// <summary>Which captions of a video are kept.</summary>
public enum CaptionSelectionRule
{
    /// <summary>The best K of each captioner by CLIPScore: the paper's choice, for captioners' scores are not on one scale.</summary>
    TopPerCaptioner,

    /// <summary>The best K of all captioners together.</summary>
    TopJoint,

    /// <summary>Of each captioner the caption of the middle frame, whatever its score.</summary>
    MiddleFrame,

    /// <summary>Of each captioner K captions drawn at random, whatever their scores: how much choosing by score is worth.</summary>
    Random,
}
