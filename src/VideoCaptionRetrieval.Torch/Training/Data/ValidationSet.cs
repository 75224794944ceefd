using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>Videos that are not trained on; each of their captions is a query for its video.</summary>
/// <param name="Items">The videos.</param>
/// <param name="Source">Where their frames come from.</param>
internal sealed record ValidationSet(IReadOnlyList<TrainingItem> Items, IFrameSource Source)
{
    /// <summary>Takes a share of the videos away from the training: at least one, and at least two stay.</summary>
    /// <exception cref="ArgumentException">There are too few videos.</exception>
    internal static (IReadOnlyList<TrainingItem> Training, ValidationSet Validation) Split(
        IReadOnlyList<TrainingItem> items, IFrameSource source, double fraction, int seed)
    {
        var count = Math.Max(1, (int)Math.Round(fraction * items.Count));
        if (items.Count - count < TrainingPlan.FewestVideos)
        {
            throw new ArgumentException($"Of {items.Count} videos, {count} would be kept out for validation; training needs at least "
                + $"{TrainingPlan.FewestVideos}. Lower {nameof(MultiCaptionRetrievalOptions.ValidationFraction)}, which is {fraction}.");
        }
        var order = Enumerable.Range(0, items.Count).ToArray();
        new Random(seed).Shuffle(order);
        var held = order[..count].ToHashSet();
        return ([.. items.Where((_, i) => !held.Contains(i))], new([.. items.Where((_, i) => held.Contains(i))], source));
    }
}
