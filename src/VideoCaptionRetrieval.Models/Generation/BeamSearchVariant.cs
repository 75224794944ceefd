namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>How beams are compared and when the search ends.</summary>
internal enum BeamSearchVariant
{
    /// <summary>transformers 4.46: finished texts leave the beams; see <see cref="BeamSearch"/>.</summary>
    Transformers,

    /// <summary>ClipCap's published code: finished texts stay among the beams; see <see cref="ClipCapBeamSearch"/>.</summary>
    ClipCap,
}
