namespace VideoCaptionRetrieval.Models;

/// <summary>How an image of any shape becomes a square frame.</summary>
public enum FrameFit
{
    /// <summary>The shorter side is resized to the frame's size, the middle is kept (CLIP).</summary>
    CenterCrop,

    /// <summary>Both sides are resized to the frame's size, whatever the aspect ratio (BLIP).</summary>
    Stretch,
}
