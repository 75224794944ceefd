namespace VideoCaptionRetrieval;

/// <summary>What a set of captions looks like. Immutable.</summary>
/// <param name="Captions">How many there are.</param>
/// <param name="PerVideo">Captions of a video, on average.</param>
/// <param name="UniqueShare">Different texts of a video / its captions, averaged over the videos; 0 to 1.</param>
/// <param name="UniqueShareOverall">Different texts of all videos together / all captions; 0 to 1.</param>
/// <param name="Words">Words of a caption, on average.</param>
/// <param name="ByCaptioner">The same for each captioner, by its label; empty inside an entry.</param>
public sealed record CaptionSetStatistics(
    int Captions, double PerVideo, double UniqueShare, double UniqueShareOverall, double Words,
    IReadOnlyDictionary<string, CaptionSetStatistics> ByCaptioner);
