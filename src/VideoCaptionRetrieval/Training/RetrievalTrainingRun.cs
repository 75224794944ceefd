using System.Diagnostics;
using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Sampling;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Training;

/// <summary>
/// Fine-tunes a CLIP encoder on videos and their captions. Frames are read ahead of the step on other threads into byte arrays; tensors
/// live on the calling thread alone. On a CPU the same seed gives the same weights to the bit.
/// </summary>
internal sealed class RetrievalTrainingRun
{
    private const int BatchesAhead = 2;

    private readonly ClipEncoder _encoder;
    private readonly IReadOnlyList<TrainingItem> _items;
    private readonly MultiCaptionRetrievalOptions _options;
    private readonly TrainingPlan _plan;
    private readonly FrameLoader _loader;
    private readonly int _frameCount;
    private readonly List<SkippedVideo> _skipped = [];

    /// <summary>Prepares a run.</summary>
    /// <param name="encoder">Trained in place; it belongs to the caller.</param>
    /// <param name="items">The videos, at least two.</param>
    /// <param name="source">Where frames come from.</param>
    /// <param name="settings">What a run needs beyond the options.</param>
    /// <param name="options">Valid options.</param>
    /// <exception cref="ArgumentException">There are fewer than two videos.</exception>
    internal RetrievalTrainingRun(
        ClipEncoder encoder, IReadOnlyList<TrainingItem> items, IFrameSource source, TrainingRunSettings settings, MultiCaptionRetrievalOptions options)
    {
        if (items.Count < TrainingPlan.FewestVideos) throw TooFew(items.Count, []);
        (_encoder, _items, _options, _frameCount) = (encoder, items, options, settings.FrameCount);
        _plan = new(items.Count, options.BatchSize, options.Epochs, settings.Seed);
        _loader = new(items, source, settings.FrameCount, settings.Seed, settings.LeaveOutUnreadable);
    }

    /// <summary>The videos that turned out unreadable so far.</summary>
    internal IReadOnlyList<SkippedVideo> Skipped => _skipped;

    /// <summary>The error for fewer videos than a step needs.</summary>
    internal static ArgumentException TooFew(int count, IReadOnlyList<SkippedVideo> skipped)
    {
        const int Shown = 3;
        var reasons = string.Concat(skipped.Take(Shown).Select(video => $" '{video.VideoId}' is left out: {video.Reason}."));
        var rest = skipped.Count > Shown ? $" {skipped.Count - Shown} others are left out too." : "";
        return new($"There are {count} videos with a caption and without an error; training contrasts videos with each other and needs at least "
            + $"{TrainingPlan.FewestVideos}.{reasons}{rest}");
    }

    /// <summary>Trains to the end.</summary>
    /// <param name="report">Called after each step, on this thread.</param>
    /// <exception cref="InvalidOperationException">The loss is not a number, or no step had two readable videos.</exception>
    /// <exception cref="OperationCanceledException">
    /// The options' token was cancelled; the weights are those of the last whole step.
    /// </exception>
    internal void Run(Action<TrainingProgress> report)
    {
        var clock = Stopwatch.StartNew();
        var schedule = new LearningRateSchedule(LearningRateDecay.Cosine, _plan.Steps);
        using var adam = new Adam(ClipParameterGroups.Of(_encoder.Model, _options.LearningRate, _options.LearningRate, _options.LearningRate));
        var step = new ContrastiveStep(_encoder.Model, adam, StepOptions());
        using var batches = new Prefetch<LoadedBatch>(Load, BatchesAhead, _options.CancellationToken);
        var trained = 0;
        foreach (var batch in batches.Take())
        {
            using (batch)
            {
                _options.CancellationToken.ThrowIfCancellationRequested();
                var (at, factor) = (batch.Plan.Step, schedule.Factor(batch.Plan.Step));
                _skipped.AddRange(batch.Unreadable.Select(one => new SkippedVideo(_items[one.Item].Clip.VideoId, one.Reason)));
                var loss = Train(step, batch, factor);
                if (!double.IsNaN(loss)) trained++;
                report(new(batch.Plan.Epoch + 1, at + 1, _plan.Steps, loss, factor * _options.LearningRate, clock.Elapsed));
            }
        }
        adam.ClearGradients();
        if (trained == 0) throw NothingReadable();
    }

    private IEnumerable<LoadedBatch> Load(CancellationToken cancellationToken) =>
        _plan.Batches().Select(batch => _loader.Load(batch, cancellationToken));

    /// <summary>One step.</summary>
    /// <returns>Its loss; NaN where too few of its videos could be read.</returns>
    private double Train(ContrastiveStep step, LoadedBatch loaded, double factor)
    {
        if (loaded.Items.Length < TrainingPlan.FewestVideos) return double.NaN;
        using var scope = NewDisposeScope();
        var loss = step.Backpropagate(Batch(loaded)).Total;
        if (!double.IsFinite(loss)) throw Diverged(loaded.Plan, loss);
        step.Update(factor);
        return loss;
    }

    private ContrastiveBatch Batch(LoadedBatch loaded)
    {
        var items = loaded.Items.Select(item => _items[item]).ToArray();
        var device = _encoder.Device;
        var most = items.Max(item => item.Captions.Count);
        var mask = new bool[items.Length, most];
        var scores = new float[items.Length, most];
        for (var i = 0; i < items.Length; i++)
            for (var l = 0; l < items[i].Captions.Count; l++) (mask[i, l], scores[i, l]) = (true, items[i].Scores?[l] ?? 0);
        var ids = _encoder.Tokenizer.EncodeBatch([.. items.SelectMany(item => item.Captions)]);
        return new(items.Length, _frameCount, (start, count) => Pixels(loaded.Frames, start, count),
            tensor(ids, device: device), tensor(mask, device: device), tensor(scores, device: device));
    }

    private Tensor Pixels(byte[] frames, int start, int count)
    {
        var format = _encoder.FrameFormat;
        var pixels = empty(count, 3, format.Size, format.Size, dtype: ScalarType.Float32);
        _encoder.Preprocessing.Normalise(frames.AsSpan(start * format.FrameBytes, count * format.FrameBytes), count,
            MemoryMarshal.Cast<byte, float>(pixels.bytes));
        return pixels.to(_encoder.Device);
    }

    private ContrastiveStepOptions StepOptions() => new()
    {
        Similarity = _options.FrameScoring,
        CaptionWeighting = _options.CaptionWeighting,
        Reduction = _options.LossReduction,
        FixedScale = _options.LogitScalePolicy switch
        {
            LogitScalePolicy.Fixed => _options.LogitScale,
            LogitScalePolicy.One => 1,
            _ => null,
        },
        ChunkSize = _options.ChunkSize,
    };

    private InvalidOperationException Diverged(PlannedBatch plan, double loss) => new(
        $"The loss is '{loss}' at step {plan.Step + 1} of {_plan.Steps} (epoch {plan.Epoch + 1}). Use a lower LearningRate than {_options.LearningRate:g}"
        + (_options.Temperature < MultiCaptionRetrievalOptions.DefaultTemperature ? $" or a higher Temperature than {_options.Temperature:g}" : "")
        + "; if this is the first step, check the checkpoint's weights for values that are not numbers.");

    private InvalidOperationException NothingReadable() => new(
        $"No step had {TrainingPlan.FewestVideos} readable videos, so nothing was trained. The first of {_skipped.Count} unreadable videos: "
        + string.Join(" ", _skipped.Take(1).Select(skipped => skipped.Reason)));
}
