namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>Settings of a text whose tokens are drawn at random.</summary>
/// <param name="TopP">Tokens are drawn of the smallest set of the best whose probabilities sum to this; above 0, at most 1.</param>
/// <param name="TopK">Of the best so many at most; 0 = of all.</param>
/// <param name="Temperature">Divides the scores before; above 0.</param>
internal sealed record Sampling(double TopP, int TopK, double Temperature);
