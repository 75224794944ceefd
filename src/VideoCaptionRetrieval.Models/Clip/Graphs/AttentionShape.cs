namespace VideoCaptionRetrieval.Models.Clip.Graphs;

/// <summary>How an attention is taken apart.</summary>
/// <param name="Heads">The value [B, positions, heads, C/heads], or that with −1 for B.</param>
/// <param name="Mask">What is added to the scores [B, heads, positions, T]; null for nothing.</param>
internal readonly record struct AttentionShape(string Heads, string? Mask = null);
