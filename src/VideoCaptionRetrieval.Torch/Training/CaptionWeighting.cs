namespace VideoCaptionRetrieval;

/// <summary>How the similarities of a video's captions become one similarity.</summary>
public enum CaptionWeighting
{
    /// <summary>Every caption counts alike (the paper's choice).</summary>
    Mean,

    /// <summary>Captions weighted by softmax(CLIPScore / 0.1) inside each video (an ablation of the paper).</summary>
    Score,
}
