namespace VideoCaptionRetrieval;

/// <summary>What becomes of the last videos of an epoch where they are fewer than a batch.</summary>
public enum LastBatch
{
    /// <summary>They make a shorter batch; a single one, which has no negative, is left out.</summary>
    Keep,

    /// <summary>They are left out of this epoch: every step contrasts as many videos.</summary>
    Drop,

    /// <summary>
    /// The next epoch fills up their batch, and no video is in it twice: every step contrasts as many videos, and none is left out. Runs of equally
    /// many steps on more or fewer videos differ in nothing else.
    /// </summary>
    Fill,
}
