using System.Diagnostics;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Training.Data;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using VideoCaptionRetrieval.Torch.Training.Runs;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>
/// Fine-tunes a dual encoder on videos and their captions. Frames are read ahead of the step on other threads into byte arrays; tensors
/// live on the calling thread alone. On a CPU the same seed gives the same weights to the bit.
/// </summary>
internal sealed class RetrievalTrainingRun
{
    private const int BatchesAhead = 2;

    private readonly TorchDualEncoder _encoder;
    private readonly IReadOnlyList<TrainingItem> _items;
    private readonly MultiCaptionRetrievalOptions _options;
    private readonly TrainingPlan _plan;
    private readonly IFrameSource _source;
    private readonly TrainingRunSettings _settings;
    private readonly TrainingCheckpoints? _checkpoints;
    private readonly ValidationSet? _validation;
    private readonly List<UnreadableItem> _unreadable = [];

    /// <summary>Prepares a run.</summary>
    /// <param name="encoder">Trained in place; it belongs to the caller.</param>
    /// <param name="items">The videos, at least two.</param>
    /// <param name="source">Where frames come from.</param>
    /// <param name="settings">What a run needs beyond the options.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="validation">Videos that are not trained on; null = none.</param>
    /// <exception cref="ArgumentException">There are fewer than two videos.</exception>
    internal RetrievalTrainingRun(
        TorchDualEncoder encoder, IReadOnlyList<TrainingItem> items, IFrameSource source, TrainingRunSettings settings, MultiCaptionRetrievalOptions options,
        ValidationSet? validation = null)
    {
        if (items.Count < TrainingPlan.FewestVideos) throw TooFew(items.Count, []);
        (_encoder, _items, _options, _source, _settings, _validation) = (encoder, items, options, source, settings, validation);
        _plan = new(items.Count, options.BatchSize, options.Epochs, settings.Seed, options.Steps,
            options.ExampleWeightColumnName is null ? null : [.. items.Select(item => item.Weight)]);
        _checkpoints = options.CheckpointFolder is { } folder
            ? new(folder, options.KeepCheckpoints, TrainingFingerprint.Of(settings.Checkpoint, items, settings, options))
            : null;
    }

    /// <summary>The videos that turned out unreadable so far.</summary>
    internal IReadOnlyList<SkippedVideo> Skipped => [.. _unreadable.Select(one => new SkippedVideo(_items[one.Item].Clip.VideoId, one.Reason))];

    /// <summary>The error for fewer videos than a step needs.</summary>
    internal static ArgumentException TooFew(int count, IReadOnlyList<SkippedVideo> skipped)
    {
        const int Shown = 3;
        var reasons = string.Concat(skipped.Take(Shown).Select(video => $" '{video.VideoId}' is left out: {video.Reason}."));
        var rest = skipped.Count > Shown ? $" {skipped.Count - Shown} others are left out too." : "";
        return new($"There are {count} videos with a caption and without an error; training contrasts videos with each other and needs at least "
            + $"{TrainingPlan.FewestVideos}.{reasons}{rest}");
    }

    /// <summary>Trains to the end, from the last checkpoint on where there is one.</summary>
    /// <param name="report">Called after each step, on this thread.</param>
    /// <exception cref="InvalidOperationException">
    /// The loss is not a number, no step had two readable videos, or the checkpoints are of another training.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The options' token was cancelled; the weights are those of the last whole step.
    /// </exception>
    internal TrainingSummary Run(Action<TrainingProgress> report)
    {
        TrainingParts.Frozen(_options).Apply(_encoder.Model);
        var chunk = _options.ChunkSize ?? _checkpoints?.ChunkSize ?? ChunkChoice.Of(_encoder);
        using var adam = TrainingParts.Optimiser(_options, _encoder.Model);
        using var selection = TrainingParts.Selection(_options, _encoder, _validation, _settings);
        var step = new ContrastiveStep(_encoder.Model, adam, TrainingParts.Step(_options, _settings.Seed, chunk));
        var first = Restore(adam, step, selection);
        using var curves = TrainingParts.Curves(_options, first, selection);
        var parts = new Parts(TrainingParts.Schedule(_options, _plan.Steps), adam, step, selection, curves, Stopwatch.StartNew(), new());
        if (selection?.IsExhausted == true) first = _plan.Steps;        // it was ended early before
        using var batches = new Prefetch<LoadedBatch>(stop => Load(first, stop), BatchesAhead, _options.CancellationToken);
        var (last, anyTrained) = (first, first > 0);
        foreach (var batch in Waiting(batches.Take(), parts.Waiting))
        {
            using (batch)
            {
                _options.CancellationToken.ThrowIfCancellationRequested();
                var progress = Advance(parts, batch);
                (last, anyTrained) = (progress.Step, anyTrained || !double.IsNaN(progress.Loss));
                report(progress);
            }
            if (selection?.IsExhausted == true) break;
        }
        adam.ClearGradients();
        if (!anyTrained) throw NothingReadable();
        if (_options.KeepBest) selection?.Finish();
        var kept = _options.KeepBest ? selection?.Best : selection?.History[^1];
        return new(last, parts.Clock.Elapsed, parts.Waiting.Elapsed, PeakMemory(), selection?.Frozen.Metrics, kept?.Metrics, kept?.Step) { ChunkSize = chunk };
    }

    /// <summary>One step, and what follows it: validation, checkpoint, curves.</summary>
    private TrainingProgress Advance(Parts parts, LoadedBatch batch)
    {
        var (done, factor) = (batch.Plan.Step + 1, parts.Schedule.Factor(batch.Plan.Step));
        _unreadable.AddRange(batch.Unreadable);
        var loss = Train(parts.Step, batch, factor);
        var measured = IsEndOfEpoch(done) ? parts.Selection?.Measure(done, _options.CancellationToken) : null;
        if (IsCheckpoint(done)) _checkpoints?.Save(State(done, parts), _encoder.Model, parts.Adam);
        var progress = new TrainingProgress(batch.Plan.Epoch + 1, done, _plan.Steps, loss, factor * _options.LearningRate, parts.Clock.Elapsed,
            parts.Waiting.Elapsed, measured?.Metrics);
        parts.Curves?.Add(progress, measured);
        return progress;
    }

    /// <returns>The step to go on with.</returns>
    private int Restore(Adam adam, ContrastiveStep step, TrainingSelection? selection)
    {
        var state = _checkpoints?.Restore(_encoder.Model, adam, step.Scale);
        _unreadable.AddRange(state?.Unreadable ?? []);
        selection?.Begin(state?.Validations, _options.CancellationToken);
        return state?.Step ?? 0;
    }

    private TrainingState State(int done, Parts parts)
    {
        var (step, history) = (parts.Step, parts.Selection?.History ?? []);
        var (scale, good) = (step.Scale?.Value ?? 0, step.Scale?.GoodSteps ?? 0);
        return new("", done, parts.Adam.Steps, _unreadable, history, scale, good) { ChunkSize = step.ChunkSize };
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private bool IsEndOfEpoch(int done) => done == _plan.Steps || done % _plan.StepsPerEpoch == 0;

    private bool IsCheckpoint(int done) => IsEndOfEpoch(done) || done % (_options.CheckpointEverySteps ?? int.MaxValue) == 0;

    private IEnumerable<LoadedBatch> Load(int first, CancellationToken cancellationToken)
    {
        var loader = new FrameLoader(
            _items, _source, _settings.FrameCount, _settings.Seed, _settings.LeaveOutUnreadable, _unreadable.Select(one => one.Item).ToArray());
        return _plan.Batches(first).Select(batch => loader.Load(batch, cancellationToken));
    }

    /// <summary>The same values; the clock runs while the next one is awaited.</summary>
    private static IEnumerable<T> Waiting<T>(IEnumerable<T> values, Stopwatch clock)
    {
        using var enumerator = values.GetEnumerator();
        while (true)
        {
            clock.Start();
            var more = enumerator.MoveNext();
            clock.Stop();
            if (!more) yield break;
            yield return enumerator.Current;
        }
    }

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
        var items = loaded.Items.Select(item => CaptionChoice.Of(_items[item], _options.CaptionUse, _settings.Seed, loaded.Plan.Round)).ToArray();
        var device = _encoder.Device;
        var most = items.Max(item => item.Captions.Count);
        var mask = new bool[items.Length, most];
        var scores = new float[items.Length, most];
        for (var i = 0; i < items.Length; i++)
            for (var l = 0; l < items[i].Captions.Count; l++) (mask[i, l], scores[i, l]) = (true, items[i].Scores?[l] ?? 0);
        var ids = _encoder.Tokenize([.. items.SelectMany(item => item.Captions)]);
        var frameBytes = _encoder.FrameFormat.FrameBytes;
        return new(items.Length, _settings.FrameCount, (start, count) =>
            _encoder.PixelValues(loaded.Frames.AsSpan(start * frameBytes, count * frameBytes), count),
            tensor(ids, device: device), tensor(mask, device: device), tensor(scores, device: device), loaded.Plan.Step);
    }

    private InvalidOperationException Diverged(PlannedBatch plan, double loss) => new(
        $"The loss is '{loss}' at step {plan.Step + 1} of {_plan.Steps} (epoch {plan.Epoch + 1}). Use a lower LearningRate than {_options.LearningRate:g}"
        + (_options.Temperature < MultiCaptionRetrievalOptions.DefaultTemperature ? $" or a higher Temperature than {_options.Temperature:g}" : "")
        + "; if this is the first step, check the checkpoint's weights for values that are not numbers.");

    private InvalidOperationException NothingReadable() => new(
        $"No step had {TrainingPlan.FewestVideos} readable videos, so nothing was trained. The first of {_unreadable.Count} unreadable videos: "
        + string.Join(" ", _unreadable.Take(1).Select(one => one.Reason)));

    /// <summary>What a run works with.</summary>
    private sealed record Parts(LearningRateSchedule Schedule, Adam Adam, ContrastiveStep Step, TrainingSelection? Selection, LearningCurves? Curves,
        Stopwatch Clock, Stopwatch Waiting);
}
