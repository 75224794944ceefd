namespace VideoCaptionRetrieval;

/// <summary>How the similarities of a video to its captions are weighted in the loss.</summary>
public enum CaptionWeighting
{
    /// <summary>Every caption counts the same (the paper's choice).</summary>
    Mean,

    /// <summary>Captions are weighted by softmax(CLIPScore / 0.1) within each video (an ablation of the paper).</summary>
    Score,
}
