
namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>Watches whether the loss of the last epoch is below what guessing gives.</summary>
internal sealed class LossWatch
{
    private const double AlmostAll = 0.98;

    /// <summary>Cross-entropy of a matching head that knows no more than that at least a third of the pairs match.</summary>
    private static readonly double MatchingChance = Math.Log(3) - (2.0 / 3 * Math.Log(2));

    private readonly double _chance;
    private int _epoch, _count;
    private double _sum;

    /// <param name="options">Batch size, reduction, and whether matching is trained.</param>
    /// <param name="videos">Videos that are trained on.</param>
    internal LossWatch(MultiCaptionRetrievalOptions options, int videos) =>
        _chance = (Math.Log(Math.Min(options.BatchSize, videos)) * (options.LossReduction == LossReduction.Sum ? 2 : 1))
            + (options.ImageTextMatching ? MatchingChance : 0);

    /// <summary>The loss of a model that finds every video of a batch equally likely.</summary>
    internal double Chance => _chance;

    /// <summary>Mean loss of the last epoch; NaN where there is none.</summary>
    internal double LastEpoch => _count > 0 ? _sum / _count : double.NaN;

    /// <summary>Whether the last epoch was no better than guessing.</summary>
    internal bool IsAtChance => LastEpoch >= AlmostAll * _chance;

    internal void Add(TrainingProgress step)
    {
        if (step.Epoch != _epoch) (_epoch, _count, _sum) = (step.Epoch, 0, 0);
        if (!double.IsFinite(step.Loss)) return;
        _sum += step.Loss;
        _count++;
    }
}
