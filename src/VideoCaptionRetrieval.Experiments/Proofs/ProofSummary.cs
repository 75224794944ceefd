namespace VideoCaptionRetrieval.Experiments;

/// <summary>What a proof came to.</summary>
/// <param name="Results">One for each seed, condition and pooling.</param>
/// <param name="Lines">The main result, for people.</param>
public sealed record ProofSummary(IReadOnlyList<ProofResult> Results, IReadOnlyList<string> Lines);
