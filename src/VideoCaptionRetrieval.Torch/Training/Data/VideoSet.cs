namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>Videos that are trained on or measured with, and how their frames are read.</summary>
/// <param name="Items">The videos.</param>
/// <param name="Source">Where their frames come from.</param>
/// <param name="FrameCount">N, frames of a video.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="LeaveOutUnreadable">Whether a video that cannot be read is left out and listed, instead of ending the run.</param>
internal sealed record VideoSet(IReadOnlyList<TrainingItem> Items, IFrameSource Source, int FrameCount, int Seed, bool LeaveOutUnreadable = false)
{
    internal int BytesPerVideo => checked(FrameCount * Source.Format.FrameBytes);

    /// <summary>Reads N frames of a video, drawn by the seed, the video and a number.</summary>
    /// <param name="item">The video.</param>
    /// <param name="draw">Another number gives other frames.</param>
    /// <param name="frames">Receives [N, S, S, 3] bytes, RGB.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="VideoReadException">The video cannot be read.</exception>
    internal void ReadFrames(TrainingItem item, int draw, Memory<byte> frames, CancellationToken cancellationToken) =>
        Source.ReadTrainingFrames(item.Clip, FrameCount, Seed, draw, frames, cancellationToken);

    /// <summary>Splits a share of the videos off for validation: at least one, and at least two stay to train on.</summary>
    /// <exception cref="ArgumentException">There are too few videos.</exception>
    internal (VideoSet Training, VideoSet Validation) Split(double fraction)
    {
        var count = Math.Max(1, (int)Math.Round(fraction * Items.Count));
        if (Items.Count - count < BatchSampler.MinBatchSize)
        {
            throw new ArgumentException($"Of {Items.Count} videos, {count} would be kept out for validation; training needs at least "
                + $"{BatchSampler.MinBatchSize}. Lower {nameof(MultiCaptionRetrievalOptions.Validation)}."
                + Invariant($"{nameof(TrainingValidationOptions.Fraction)}, which is {fraction}."));
        }
        var order = Enumerable.Range(0, Items.Count).ToArray();
        new Random(Seed).Shuffle(order);
        var validation = order[..count].ToHashSet();
        VideoSet Where(bool inValidation) => this with { Items = [.. Items.Where((_, i) => validation.Contains(i) == inValidation)] };
        return (Where(inValidation: false), Where(inValidation: true));
    }
}
