namespace VideoCaptionRetrieval.Models;

/// <summary>Fits an image of any shape into a square frame.</summary>
public enum FrameFit
{
    /// <summary>The shorter side is resized to the frame's size, the middle is kept (CLIP).</summary>
    CenterCrop,

    /// <summary>Both sides are resized to the frame's size, whatever the aspect ratio (BLIP).</summary>
    Stretch,

    /// <summary>The longer side is resized to the frame's size, the rest of the frame is black, equally on both sides.</summary>
    Pad,

    /// <summary>
    /// The shorter side is resized to the frame's size, and nothing is cropped: sizes differ from image to image, so columns of frames and
    /// networks do not take them.
    /// </summary>
    ShortestEdge,
}
