namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>A row of a table.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Condition">How it trains.</param>
internal sealed record NamedCondition(string Name, Condition Condition);
