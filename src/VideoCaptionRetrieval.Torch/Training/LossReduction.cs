namespace VideoCaptionRetrieval;

/// <summary>How the losses of the two directions, video to caption and caption to video, become one.</summary>
public enum LossReduction
{
    /// <summary>Their sum (the paper, frozen-in-time).</summary>
    Sum,

    /// <summary>Half of their sum (CLIP, CLIP4Clip).</summary>
    Mean,
}
