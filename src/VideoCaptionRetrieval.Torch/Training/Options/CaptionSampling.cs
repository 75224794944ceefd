namespace VideoCaptionRetrieval;

/// <summary>
/// Which of a video's captions a training step uses. To train on the middle frame's or the best one only, keep only that in the filter.
/// </summary>
public enum CaptionSampling
{
    /// <summary>All of them, each its own query: multi-caption query scoring (the paper's choice).</summary>
    All,

    /// <summary>One of them, drawn again in each epoch (an ablation of the paper).</summary>
    OneRandom,

    /// <summary>All of them as one text, one after the other, as far as the text tower's context reaches (an ablation of the paper).</summary>
    Concatenate,
}
