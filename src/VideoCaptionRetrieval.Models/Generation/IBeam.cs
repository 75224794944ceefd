namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>A text among the beams of one image.</summary>
internal interface IBeam
{
    /// <summary>The beam of the last step that it continues.</summary>
    int Parent { get; }

    /// <summary>The token that the network reads next.</summary>
    int Next { get; }
}
