using System.Globalization;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>What is said at the end of a training.</summary>
internal static class TrainingReport
{
    /// <summary>With fewer queries a difference of some per cent is chance.</summary>
    private const int FewQueries = 100;

    internal static void Tell(IChannel channel, TrainingSummary summary, ValidationSet? held, LossWatch losses)
    {
        channel.Report(Text($"{summary.Steps} steps, {summary.ChunkSize} images at once."));
        if (losses.IsAtChance)
        {
            channel.ReportWarning(Text($"The loss of the last epoch, {losses.LastEpoch:0.000}, is no better than guessing ({losses.Chance:0.000}). "
                + "The learning rate may be too low or too high, or the captions may say nothing about their videos."));
        }
        if (summary.Frozen is not { } frozen || summary.Tuned is not { } tuned) return;
        channel.Report(Text($"Held-out videos, text-to-video R@1: {frozen.RecallAt1:0.0} frozen, {tuned.RecallAt1:0.0} tuned "
            + $"({held!.Items.Count} videos, {tuned.Queries} queries, after {summary.BestStep} steps)."));
        if (tuned.RecallAt1 < frozen.RecallAt1)
            channel.ReportWarning("The tuned model finds fewer of the held-out videos than the frozen one. Use a lower learning rate, fewer epochs, or better captions.");
        if (tuned.Queries < FewQueries)
            channel.ReportWarning(Text($"There are only {tuned.Queries} held-out queries: differences of some per cent are chance."));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Text(string text) => text;
}
