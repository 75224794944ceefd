namespace VideoCaptionRetrieval;

/// <summary>How the losses of the two directions, video to captions and captions to video, are combined.</summary>
public enum BidirectionalLoss
{
    /// <summary>Their sum (the paper, Frozen in Time).</summary>
    Sum,

    /// <summary>Half of their sum (CLIP, CLIP4Clip).</summary>
    Average,
}
