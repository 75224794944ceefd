namespace VideoCaptionRetrieval.Captioning;

/// <summary>The kinds of captioners. Numbers are those of saved models of version 1.</summary>
internal enum CaptionerKind
{
    /// <summary>The user's own.</summary>
    Custom = 0,

    /// <summary>A checkpoint, whose kind is read from its folder.</summary>
    Checkpoint = 1,
}
