namespace VideoCaptionRetrieval;

/// <summary>The factor between a similarity in [−1, 1] and a logit of the loss.</summary>
public enum LogitScalePolicy
{
    /// <summary>The checkpoint's own, trained with the rest and kept at or below 100 after each step (CLIP, CLIP4Clip).</summary>
    FromCheckpoint,

    /// <summary>A fixed number, <see cref="MultiCaptionRetrievalOptions.LogitScale"/>; the checkpoint's stays as it was.</summary>
    Fixed,

    /// <summary>1: the paper's equation to the letter. Gradients are weak; the checkpoint's scale stays as it was.</summary>
    One,
}
