using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Sampling;

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

    /// <summary>Reads the N frames of a video that a test takes.</summary>
    /// <param name="item">The video.</param>
    /// <param name="frames">Receives [N, S, S, 3] bytes, RGB.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="VideoReadException">The video cannot be read.</exception>
    internal void ReadTestFrames(TrainingItem item, Memory<byte> frames, CancellationToken cancellationToken) =>
        Source.ReadTestFrames(item.Clip, FrameCount, frames, cancellationToken);

    /// <summary>
    /// Splits a share of the videos off for validation: at least one, and at least two stay to train on. Parts of one file stay together, since what
    /// is learned of one part is known of the others: files are drawn until there are enough videos.
    /// </summary>
    /// <exception cref="ArgumentException">There are too few videos, or too few files.</exception>
    internal (VideoSet Training, VideoSet Validation) Split(double fraction)
    {
        var count = Math.Max(1, (int)Math.Round(fraction * Items.Count));
        var files = Items.GroupBy(item => item.File, StringComparer.Ordinal).ToArray();
        new Random(Seed).Shuffle(files);
        var validation = new HashSet<TrainingItem>(ReferenceEqualityComparer.Instance);
        foreach (var file in files)
            if (validation.Count < count) validation.UnionWith(file);
        if (Items.Count - validation.Count >= BatchSampler.MinBatchSize) return Split(validation.Contains, _ => false);
        throw new ArgumentException($"Of {Items.Count} videos in {files.Length} files, {validation.Count} would be kept out for validation, since parts of one "
            + $"file stay together; training needs at least {BatchSampler.MinBatchSize}. Lower {nameof(MultiCaptionRetrievalOptions.Validation)}."
            + $"{nameof(TrainingValidationOptions.Fraction)}, which is {Invariant($"{fraction}")}.");
    }

    /// <summary>Splits the videos of some names off for validation; training leaves out all parts of their files.</summary>
    /// <param name="names">The names, normalised (<see cref="VideoListing.Normalise"/>).</param>
    /// <exception cref="ArgumentException">None of the videos has such a name, or fewer than two stay to train on.</exception>
    internal (VideoSet Training, VideoSet Validation) Split(IReadOnlySet<string> names)
    {
        bool IsNamed(TrainingItem item) => names.Contains(VideoListing.Normalise(item.Clip.VideoId));
        var files = Items.Where(IsNamed).Select(item => item.File).ToHashSet(StringComparer.Ordinal);
        var split = Split(IsNamed, item => files.Contains(item.File));
        if (split.Validation.Items.Count > 0 && split.Training.Items.Count >= BatchSampler.MinBatchSize) return split;
        throw new ArgumentException($"{nameof(MultiCaptionRetrievalOptions.Validation)}.{nameof(TrainingValidationOptions.Queries)} are about "
            + $"{split.Validation.Items.Count} of {Items.Count} videos, and {split.Training.Items.Count} in other files stay to train on; expected at least 1 "
            + $"and {BatchSampler.MinBatchSize}. Videos are named as in the data, such as '{Items[0].Clip.VideoId}'.");
    }

    private (VideoSet Training, VideoSet Validation) Split(Func<TrainingItem, bool> isValidation, Func<TrainingItem, bool> isLeftOut) => (
        this with { Items = [.. Items.Where(item => !isValidation(item) && !isLeftOut(item))] },
        this with { Items = [.. Items.Where(isValidation)] });
}
