namespace VideoCaptionRetrieval;

/// <summary>How videos are taken whose pixels are not square, such as those of DVDs, wide PAL or NTSC, and HDV.</summary>
public enum PixelAspect
{
    /// <summary>Frames are stretched as a player shows them: a circle is a circle.</summary>
    Square,

    /// <summary>Frames are taken as they are stored, for parity with readers that ignore the shape of pixels.</summary>
    Stored,
}
