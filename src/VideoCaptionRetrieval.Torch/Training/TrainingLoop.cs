using System.Diagnostics;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Training.Data;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using VideoCaptionRetrieval.Torch.Training.Runs;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>
/// The training loop. Frames are read ahead of the step on other threads into byte arrays; tensors live on the calling thread only. On a CPU
/// the same seed gives the same weights to the bit. Run it once; dispose it to free the optimiser.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private const int BatchesAhead = 2;

    private readonly TorchDualEncoder _encoder;
    private readonly VideoSet _videos;
    private readonly MultiCaptionRetrievalOptions _options;
    private readonly BatchSampler _sampler;
    private readonly TrainingCheckpoints? _checkpoints;
    private readonly LearningRateSchedule _schedule;
    private readonly Adam _adam;
    private readonly TrainingStep _step;
    private readonly BestModelTracker? _tracker;
    private readonly List<UnreadableItem> _unreadable = [];
    private readonly int _heldOut;

    /// <summary>Prepares a training.</summary>
    /// <param name="encoder">Trained in place; it belongs to the caller.</param>
    /// <param name="checkpoint">Where it comes from; part of what tells trainings apart.</param>
    /// <param name="videos">The videos to train on, at least two.</param>
    /// <param name="validation">Videos that are not trained on; null = none.</param>
    /// <param name="options">Valid options with seed and frame count; the chunk size is filled in. They belong to this training.</param>
    /// <exception cref="ArgumentException">Fewer than two videos have a weight above 0.</exception>
    internal TrainingLoop(TorchDualEncoder encoder, string checkpoint, VideoSet videos, VideoSet? validation, MultiCaptionRetrievalOptions options)
    {
        var (model, optimization) = (encoder.Model, options.Optimization);
        (_encoder, _videos, _options) = (encoder, videos, options);
        _sampler = new(videos.Items.Count, options.BatchSize, options.Epochs, videos.Seed, options.Steps,
            options.Columns.SamplingWeight is null ? null : [.. videos.Items.Select(item => item.Weight)], options.LastBatch);
        _checkpoints = options.Checkpoints.Folder is { } folder
            ? new(folder, options.Checkpoints.Keep, TrainingFingerprint.Compute(checkpoint, videos.Items, options),
                TrainingFingerprint.ComputeValidation(validation?.Items))
            : null;
        options.ChunkSize ??= _checkpoints?.ChunkSize ?? ChunkChoice.For(encoder);
        _schedule = new(optimization.LearningRateDecay, _sampler.Steps,
            optimization.WarmupSteps ?? LearningRateSchedule.ComputeWarmupSteps(optimization.WarmupRatio, _sampler.Steps));
        FrozenParts.Freeze(model, options.Freeze, logScale: options.Objective.FixedLogitScale is not null);
        _adam = new(ParameterGroups.Create(model, options.LearningRate, optimization.ProjectionLearningRate ?? options.LearningRate,
            optimization.LogitScaleLearningRate ?? options.LearningRate, optimization.WeightDecay));
        _step = new(model, _adam, options);
        _heldOut = validation?.Items.Count ?? 0;
        _tracker = validation is null ? null : new(model, new(encoder, validation, options.Objective.FrameScoring, options.Validation.Queries),
            options.Checkpoints.Folder, options.Validation.EarlyStoppingPatience);
    }

    /// <summary>What weights promise and batches cannot keep; null where they can.</summary>
    internal string? WeightWarning => _sampler.Saturation;

    /// <summary>The validation videos that turned out unreadable so far.</summary>
    internal IReadOnlyList<SkippedVideo> SkippedValidation => _tracker?.Skipped ?? [];

    /// <summary>The videos that turned out unreadable so far.</summary>
    internal IReadOnlyList<SkippedVideo> Skipped =>
        [.. _unreadable.Select(one => new SkippedVideo(_videos.Items[one.Item].Clip.VideoId, one.Reason))];

    /// <summary>Trains to the end, from the last checkpoint on where there is one.</summary>
    /// <param name="report">Called after each step, on this thread.</param>
    /// <exception cref="InvalidOperationException">
    /// The loss or a weight is not a number, no step had two readable videos, or the checkpoints are of another training.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The options' token was cancelled; the weights are those of the last whole step.
    /// </exception>
    internal TrainingSummary Run(Action<TrainingProgress> report)
    {
        var cancellation = _options.CancellationToken;
        var done = Resume();
        using var curves = OpenCurves(done);
        var clock = Stopwatch.StartNew();
        var first = _tracker?.IsExhausted == true ? _sampler.Steps : done;          // it was stopped early before
        var loader = new FrameLoader(_videos, [.. _unreadable.Select(one => one.Item)]);
        using var batches = new Prefetch<LoadedBatch>(
            stop => _sampler.Batches(first).Select(batch => loader.Load(batch, stop)), BatchesAhead, cancellation);
        var trained = done > 0;
        foreach (var batch in batches.Take())
        {
            using (batch)
            {
                cancellation.ThrowIfCancellationRequested();
                _unreadable.AddRange(batch.Unreadable);
                var factor = _schedule.Factor(batch.Plan.Step);
                var loss = Train(batch, factor);
                trained |= double.IsFinite(loss);
                done = batch.Plan.Step + 1;
                if (done == _sampler.Steps || IsCheckpoint(done)) RequireFinite(batch.Plan);
                var measured = _sampler.EndsEpoch(done) ? _tracker?.Measure(done, cancellation) : null;
                if (IsCheckpoint(done)) Save(done);
                if (measured is not null) _tracker!.KeepBest();
                var progress = new TrainingProgress(batch.Plan.Epoch + 1, done, _sampler.Steps, loss, factor * _options.LearningRate,
                    clock.Elapsed, batches.Wait, measured?.Metrics);
                curves?.Add(progress, measured);
                report(progress);
            }
            if (_tracker?.IsExhausted == true) break;
        }
        _adam.ClearGradients();
        if (!trained) throw NothingReadable();
        return Finish(done, clock.Elapsed, batches.Wait);
    }

    public void Dispose()
    {
        _tracker?.Dispose();
        _adam.Dispose();
    }

    /// <summary>Takes one step.</summary>
    /// <returns>Its loss; NaN where too few of its videos could be read.</returns>
    private double Train(LoadedBatch loaded, double factor)
    {
        if (loaded.Items.Length < BatchSampler.MinBatchSize) return double.NaN;
        using var scope = NewDisposeScope();
        var sampling = _options.Objective.CaptionSampling;
        var items = loaded.Items.Select(item => _videos.Items[item].SampleCaptions(sampling, _videos.Seed, loaded.Plan.Draw));
        var loss = _step.Backward(TrainingBatch.Create(loaded, [.. items], _videos.FrameCount, _encoder, _options.Objective.FalseNegatives)).Total;
        if (!double.IsFinite(loss)) throw Diverged(loaded.Plan, Invariant($"The loss is '{loss}'"));
        _step.Update(factor);
        return loss;
    }

    /// <summary>Goes on from the last checkpoint, where there is one.</summary>
    /// <returns>Steps that are done.</returns>
    private int Resume()
    {
        var state = _checkpoints?.Restore(_encoder.Model, _adam, _step.GradientScaler);
        _unreadable.AddRange(state?.Unreadable ?? []);
        _tracker?.Begin(state?.Validations, state?.Step ?? 0, _options.CancellationToken);
        return state?.Step ?? 0;
    }

    private bool IsCheckpoint(int done) => _sampler.EndsEpoch(done) || done % (_options.Checkpoints.EverySteps ?? int.MaxValue) == 0;

    private void Save(int done) => _checkpoints?.Save(
        new(done, _adam.Steps, _options.ChunkSize!.Value, _unreadable, _tracker?.History ?? [], _step.GradientScaler), _encoder.Model, _adam);

    private LearningCurves? OpenCurves(int done)
    {
        if (_options.LogFolder is not { } folder) return null;
        var curves = new LearningCurves(folder, done, _options.Validation.Queries is not null);
        if (done == 0 && _tracker is not null) curves.Add(_tracker.ZeroShot);
        return curves;
    }

    private TrainingSummary Finish(int done, TimeSpan elapsed, TimeSpan dataWait)
    {
        var keepBest = _options.Validation.KeepBest;
        if (keepBest) _tracker?.RestoreBest();
        var kept = keepBest ? _tracker?.Best : _tracker?.History[^1];
        using var process = Process.GetCurrentProcess();
        return new(done, elapsed, dataWait, process.PeakWorkingSet64, _tracker?.ZeroShot.Metrics, kept?.Metrics, kept?.Step)
        {
            ChunkSize = _options.ChunkSize!.Value,
            Videos = CountTrained(done),
            HeldOut = _heldOut,
            AsksGivenQueries = _tracker is not null && _options.Validation.Queries is not null,
        };
    }

    /// <summary>Checks the weights before they are measured, stored, or returned.</summary>
    private void RequireFinite(BatchIndices batch)
    {
        if (FiniteWeights.FindOther(_encoder.Model) is { } name) throw Diverged(batch, $"The weight '{name}' is not finite after the update");
    }

    /// <summary>Counts the videos that a step was made of: not those of weight 0, nor those that no step came to.</summary>
    private int CountTrained(int done) =>
        _sampler.Batches().Take(done).SelectMany(batch => batch.Items).Except(_unreadable.Select(one => one.Item)).Count();

    private InvalidOperationException Diverged(BatchIndices batch, string found)
    {
        var temperature = _options.Objective.QueryScoringTemperature;
        return new($"{found} at step {batch.Step + 1} of {_sampler.Steps} (epoch {batch.Epoch + 1}). "
            + Invariant($"Use a lower LearningRate than {_options.LearningRate:g}")
            + (temperature < TrainingObjectiveOptions.DefaultQueryScoringTemperature
                ? Invariant($" or a higher QueryScoringTemperature than {temperature:g}")
                : "")
            + "; if this is the first step, check the checkpoint's weights for values that are not numbers.");
    }

    private InvalidOperationException NothingReadable() => new(
        $"No step had {BatchSampler.MinBatchSize} readable videos, so nothing was trained. The first of {_unreadable.Count} unreadable videos: "
        + string.Join(" ", _unreadable.Take(1).Select(one => one.Reason)));
}
