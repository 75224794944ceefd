namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>What a byte-pair tokenizer is made of.</summary>
/// <param name="Ids">Token → id.</param>
/// <param name="Merges">Pairs of tokens with a blank between, best first.</param>
internal sealed record BytePairs(Dictionary<string, int> Ids, List<string> Merges);
