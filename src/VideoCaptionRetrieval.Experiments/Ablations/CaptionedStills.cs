namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>Still images with captions.</summary>
/// <param name="Pixels">[count, S, S, 3].</param>
/// <param name="Captions">One of each.</param>
internal sealed record CaptionedStills(byte[] Pixels, IReadOnlyList<string> Captions);
