using VideoCaptionRetrieval.Experiments.Ablations;

namespace VideoCaptionRetrieval.Experiments.Proofs;

/// <summary>A condition under one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Condition">The condition.</param>
/// <param name="Result">Its scores.</param>
internal sealed record ProofOutcome(int Seed, ProofCondition Condition, ConditionResult Result);
