namespace VideoCaptionRetrieval.TestSupport.Hub;

/// <summary>What the test's hub does wrong with a request for a file.</summary>
public enum HubFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The right Content-Length, half of the content, then the connection is closed.</summary>
    BreaksOff,

    /// <summary>Content of the right length with one byte changed.</summary>
    WrongContent,

    /// <summary>Shorter content with a Content-Length that fits it.</summary>
    WrongLength,

    /// <summary>The whole content to a request for a range.</summary>
    IgnoresRange,

    /// <summary>A range that begins elsewhere.</summary>
    OtherRange,

    /// <summary>416 to a request for a range.</summary>
    RefusesRange,

    /// <summary>429 with Retry-After: 7.</summary>
    TooMany,

    /// <summary>503.</summary>
    Unavailable,

    /// <summary>Half of the content, then nothing while the connection stays open.</summary>
    Stalls,

    /// <summary>The connection is closed before any answer.</summary>
    Closes,
}
