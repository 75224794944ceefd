
namespace VideoCaptionRetrieval.Torch.Training.Optimization;

/// <summary>
/// The factor on gradients that float16 would round to zero: halved where they overflow, doubled after many steps in which they did not, as
/// in torch.amp.GradScaler.
/// </summary>
internal sealed class GradientScale
{
    private const double Initial = 65536;
    private const int GrowthInterval = 2000;

    /// <summary>The factor.</summary>
    internal double Value { get; private set; } = Initial;

    /// <summary>Steps since it changed.</summary>
    internal int GoodSteps { get; private set; }

    /// <summary>Goes on as it was.</summary>
    internal void Restore(double value, int goodSteps) => (Value, GoodSteps) = (value, goodSteps);

    /// <summary>Learns whether a step's gradients were numbers.</summary>
    internal void Update(bool finite)
    {
        if (!finite) (Value, GoodSteps) = (Value / 2, 0);
        else if (++GoodSteps == GrowthInterval) (Value, GoodSteps) = (Value * 2, 0);
    }
}
