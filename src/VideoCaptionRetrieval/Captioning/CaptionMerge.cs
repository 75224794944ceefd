namespace VideoCaptionRetrieval;

/// <summary>What became of captions that were merged into a <see cref="CaptionStore"/>.</summary>
/// <param name="Added">Captions that were new.</param>
/// <param name="Known">Captions that were there, with the same text.</param>
/// <param name="Conflicts">Captions that were there with another text, which stays.</param>
public sealed record CaptionMerge(int Added, int Known, int Conflicts);
