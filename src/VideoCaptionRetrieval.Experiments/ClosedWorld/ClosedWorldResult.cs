namespace VideoCaptionRetrieval.Experiments;

/// <summary>The result of a condition under one seed with one pooling, as in results.json.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Condition">The condition's name: frozen, full, stills, shuffled, oracle, …</param>
/// <param name="Pooling">How frames were pooled in the test: mean or query-scoring.</param>
/// <param name="TextToVideo">Texts that look for their video.</param>
/// <param name="VideoToText">Videos that look for their text.</param>
/// <param name="Gain">The paired difference in text-to-video R@1 to the better frozen pooling of the seed; null for the frozen model.</param>
public sealed record ClosedWorldResult(int Seed, string Condition, string Pooling, ClosedWorldRecalls TextToVideo, ClosedWorldRecalls VideoToText, ClosedWorldGain? Gain);

/// <summary>Retrieval in one direction.</summary>
/// <param name="R1">Recall at 1, per cent.</param>
/// <param name="R5">Recall at 5, per cent.</param>
/// <param name="R10">Recall at 10, per cent.</param>
/// <param name="MedianRank">The median rank, from 1.</param>
public sealed record ClosedWorldRecalls(double R1, double R5, double R10, double MedianRank)
{
    internal static ClosedWorldRecalls Create(RetrievalMetrics metrics) => new(metrics.RecallAt1, metrics.RecallAt5, metrics.RecallAt10, metrics.MedianRank);
}

/// <summary>A paired difference in text-to-video R@1, in percentage points.</summary>
/// <param name="R1">The difference.</param>
/// <param name="Low">Lower end of its 95 % interval, by paired bootstrap over queries.</param>
/// <param name="High">Upper end.</param>
public sealed record ClosedWorldGain(double R1, double Low, double High)
{
    internal static ClosedWorldGain Create(PairedDifference difference) => new(difference.Difference, difference.Interval.Lower, difference.Interval.Upper);
}

/// <summary>What a proof came to.</summary>
/// <param name="Results">One for each seed, condition and pooling.</param>
/// <param name="Lines">The main result, for people.</param>
public sealed record ClosedWorldSummary(IReadOnlyList<ClosedWorldResult> Results, IReadOnlyList<string> Lines);
