namespace VideoCaptionRetrieval;

/// <summary>Options of bootstrap intervals and paired tests.</summary>
public sealed class BootstrapOptions
{
    internal const int DefaultResamples = 1000;
    internal const double DefaultConfidence = 0.95;
    internal const int DefaultSeed = 1;

    /// <summary>The number of resamples, at least 1.</summary>
    /// <value>The default value is 1000.</value>
    public int Resamples { get; set; } = DefaultResamples;

    /// <summary>The share of resamples inside an interval, between 0 and 1.</summary>
    /// <value>The default value is 0.95.</value>
    public double Confidence { get; set; } = DefaultConfidence;

    /// <summary>The seed of the resampling: equal seeds give equal intervals on every machine.</summary>
    /// <value>The default value is 1.</value>
    public int Seed { get; set; } = DefaultSeed;

    internal void Validate()
    {
        if (Resamples < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(Resamples), Resamples,
                $"The number of resamples is '{Resamples}'; expected at least 1, such as {DefaultResamples}.");
        }
        if (!(Confidence > 0 && Confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Confidence), Confidence,
                Invariant($"The confidence is '{Confidence}'; expected a number between 0 and 1, such as {DefaultConfidence}."));
        }
    }
}
