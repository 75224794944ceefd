namespace VideoCaptionRetrieval.Bench;

/// <summary>What was measured of one way.</summary>
/// <param name="Name">The way.</param>
/// <param name="Seconds">Median time of one run.</param>
/// <param name="Speedup">How many times as fast as the first way: the median over the rounds.</param>
internal sealed record TimedWay(string Name, double Seconds, double Speedup);
