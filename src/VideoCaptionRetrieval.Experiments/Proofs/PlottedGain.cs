namespace VideoCaptionRetrieval.Experiments.Proofs;

/// <summary>A row of the picture.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Gain">The point and its interval.</param>
internal sealed record PlottedGain(string Label, ProofGain Gain);
