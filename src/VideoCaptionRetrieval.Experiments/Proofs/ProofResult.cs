namespace VideoCaptionRetrieval.Experiments;

/// <summary>The result of a condition under one seed with one pooling, as in results.json.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Condition">The condition's name: frozen, full, stills, shuffled, oracle, …</param>
/// <param name="Pooling">How frames were pooled in the test: mean or query-scoring.</param>
/// <param name="TextToVideo">Texts that look for their video.</param>
/// <param name="VideoToText">Videos that look for their text.</param>
/// <param name="Gain">The paired difference in text-to-video R@1 to the better frozen pooling of the seed; null for the frozen model.</param>
public sealed record ProofResult(int Seed, string Condition, string Pooling, ProofRecalls TextToVideo, ProofRecalls VideoToText, ProofGain? Gain);
