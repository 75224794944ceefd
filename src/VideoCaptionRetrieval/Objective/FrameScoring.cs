namespace VideoCaptionRetrieval.Objective;

/// <summary>Settings of the similarity between a video's frames and a text. The defaults are the paper's.</summary>
public sealed record FrameScoring
{
    /// <summary>Default of <see cref="Temperature"/> (the paper).</summary>
    public const double DefaultTemperature = 0.1;

    private readonly double _temperature = DefaultTemperature;

    /// <summary>Query scoring with τ = 0.1 over un-normalised frames.</summary>
    public static FrameScoring Default { get; } = new();

    /// <summary>How frames are weighted.</summary>
    public FramePooling Pooling { get; init; } = FramePooling.QueryScoring;

    /// <summary>τ of the softmax over frames; above 0.</summary>
    public double Temperature
    {
        get => _temperature;
        init
        {
            if (!(value > 0) || double.IsInfinity(value))
            {
                throw new ArgumentOutOfRangeException(nameof(value), value,
                    Invariant($"The temperature is '{value}'; expected a number above 0, such as {DefaultTemperature}."));
            }
            _temperature = value;
        }
    }

    /// <summary>
    /// Whether frames are divided by their lengths before they are pooled. Frame weights are computed from cosines in either case.
    /// </summary>
    public bool NormaliseFrames { get; init; }
}
