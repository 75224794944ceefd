using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Torch.Objective;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>What is reported at the end of a training.</summary>
internal static class TrainingReport
{
    /// <summary>With fewer queries a difference of some per cent is chance.</summary>
    private const int FewQueries = 100;

    /// <summary>Names the queries of a measurement: what a captioner wrote is not what people ask for.</summary>
    internal static string Queries(bool areGiven) => areGiven ? "by the given queries" : "by the videos' own captions, automatic ones where captioners wrote them";

    /// <summary>Reports a training, and warns of what looks wrong.</summary>
    /// <param name="channel">Receives the messages.</param>
    /// <param name="summary">How it went.</param>
    /// <param name="chance">Compares its loss with guessing.</param>
    internal static void Write(IChannel channel, TrainingSummary summary, ChanceLevelCheck chance)
    {
        channel.Report($"{summary.Steps} steps on {summary.Videos} videos, {summary.ChunkSize} images at once.");
        if (chance.IsAtChance)
        {
            channel.ReportWarning(Invariant($"The loss of the last epoch, {chance.LastEpoch:0.000}, is no better than guessing ({chance.Chance:0.000}). ")
                + "The learning rate may be too low or too high, or the captions may say nothing about their videos.");
        }
        if (summary.ZeroShot is not { } zeroShot || summary.FineTuned is not { } fineTuned) return;
        channel.Report(Invariant($"Held-out videos, text-to-video R@1 {Queries(summary.AsksGivenQueries)}: {zeroShot.RecallAt1:0.0} frozen, ")
            + Invariant($"{fineTuned.RecallAt1:0.0} tuned ({summary.HeldOut} videos, {fineTuned.Queries} queries, after {summary.BestStep} steps)."));
        if (fineTuned.RecallAt1 < zeroShot.RecallAt1)
        {
            channel.ReportWarning("The tuned model finds fewer of the held-out videos than the frozen one. Use a lower learning rate, fewer epochs, "
                + "or better captions.");
        }
        if (fineTuned.Queries < FewQueries)
            channel.ReportWarning($"There are only {fineTuned.Queries} held-out queries: differences of some per cent are chance.");
    }
}

/// <summary>Checks whether the loss of the last epoch is below what guessing gives.</summary>
internal sealed class ChanceLevelCheck
{
    private const double AlmostAll = 0.98;

    /// <summary>Cross-entropy of a matching head that knows no more than that at least a third of the pairs match.</summary>
    private static readonly double _matchingChance = Math.Log(3) - (2.0 / 3 * Math.Log(2));

    private int _epoch, _count;
    private double _sum;

    /// <param name="options">Batch size and loss.</param>
    /// <param name="videos">Videos that are trained on.</param>
    internal ChanceLevelCheck(MultiCaptionRetrievalOptions options, int videos) =>
        Chance = InfoNce.ChanceLevel(Math.Min(options.BatchSize, videos), options.Objective.BidirectionalLoss)
            + (options.Objective.ImageTextMatching ? _matchingChance : 0);

    /// <summary>The loss of a model that finds every video of a batch equally likely.</summary>
    internal double Chance { get; }

    /// <summary>Mean loss of the last epoch; NaN where there is none.</summary>
    internal double LastEpoch => _count > 0 ? _sum / _count : double.NaN;

    /// <summary>Whether the last epoch was no better than guessing.</summary>
    internal bool IsAtChance => LastEpoch >= AlmostAll * Chance;

    internal void Add(TrainingProgress step)
    {
        if (step.Epoch != _epoch) (_epoch, _count, _sum) = (step.Epoch, 0, 0);
        if (!double.IsFinite(step.Loss)) return;
        _sum += step.Loss;
        _count++;
    }
}
