namespace VideoCaptionRetrieval;

/// <summary>
/// What counts as a candidate when a video with several queries retrieves its text. A video's own queries never compete with each other.
/// </summary>
public enum VideoToTextProtocol
{
    /// <summary>All queries of another video are one candidate, with the similarity of the best of them (CLIP4Clip). The default.</summary>
    Sets,

    /// <summary>Every single query of the other videos is a candidate (Frozen in Time).</summary>
    Captions,
}
