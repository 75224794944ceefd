namespace VideoCaptionRetrieval.Experiments;

/// <summary>A paired difference in text-to-video R@1, in percentage points.</summary>
/// <param name="R1">The difference.</param>
/// <param name="Low">Lower end of its 95 % interval, by paired bootstrap over queries.</param>
/// <param name="High">Upper end.</param>
public sealed record ProofGain(double R1, double Low, double High)
{
    internal static ProofGain Of(PairedDifference difference) => new(difference.Difference, difference.Interval.Lower, difference.Interval.Upper);
}
