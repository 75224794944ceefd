namespace VideoCaptionRetrieval;

/// <summary>What a training step takes of a video's captions. (One of the middle frame, or the best alone, is what the filter keeps.)</summary>
public enum CaptionUse
{
    /// <summary>All of them, each its own query: multi-caption query scoring (the paper's choice).</summary>
    All,

    /// <summary>One of them, drawn anew in each epoch (an ablation of the paper).</summary>
    RandomOne,

    /// <summary>All of them as one text, one after the other, as far as the text tower's context reaches (an ablation of the paper).</summary>
    Concatenated,
}
