namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>One generated text.</summary>
/// <param name="Ids">
/// The start token, the prompt, what was generated, and the end token where the text ended before the greatest length.
/// </param>
/// <param name="Score">
/// Summed log-probabilities / (generated tokens ^ length penalty), the end token counted; NaN for greedy search.
/// </param>
internal sealed record GeneratedText(int[] Ids, double Score);
