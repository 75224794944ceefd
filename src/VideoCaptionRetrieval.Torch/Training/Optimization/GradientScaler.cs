namespace VideoCaptionRetrieval.Torch.Training.Optimization;

/// <summary>
/// The factor on gradients that float16 would round to zero: halved where they overflow, doubled after many steps in which they did not, as
/// in torch.amp.GradScaler.
/// </summary>
internal sealed class GradientScaler
{
    private const double Initial = 65536;
    private const int GrowthInterval = 2000;

    internal double Value { get; private set; } = Initial;

    /// <summary>Steps since the factor changed.</summary>
    internal int GrowthTracker { get; private set; }

    /// <summary>Goes on as it was.</summary>
    internal void Restore(double value, int growthTracker) => (Value, GrowthTracker) = (value, growthTracker);

    /// <summary>Adapts the factor to whether a step's gradients were finite.</summary>
    internal void Update(bool finite)
    {
        if (!finite) (Value, GrowthTracker) = (Value / 2, 0);
        else if (++GrowthTracker == GrowthInterval) (Value, GrowthTracker) = (Value * 2, 0);
    }
}
