using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>Follows a training on the validation set: which weights are the best, and when to stop early.</summary>
/// <param name="model">The network that is trained.</param>
/// <param name="validation">Measures it.</param>
/// <param name="folder">Where the best weights are kept, for a run that goes on; null = in a temporary file.</param>
/// <param name="patience">Validations without improvement after which the training ends; null = it never does.</param>
internal sealed class BestModelTracker(DualEncoderModel model, TrainingValidation validation, string? folder, int? patience) : IDisposable
{
    private readonly BestWeights _weights = new(folder);
    private readonly List<ValidationPoint> _history = [];

    /// <summary>All measurements, that of the zero-shot model first.</summary>
    internal IReadOnlyList<ValidationPoint> History => _history;

    /// <summary>The model before the training.</summary>
    internal ValidationPoint ZeroShot => _history[0];

    /// <summary>The best of those that were trained; null where there is none yet.</summary>
    internal ValidationPoint? Best => _history.Skip(1).Aggregate(
        (ValidationPoint?)null, (kept, next) => kept is null || next.IsBetterThan(kept) ? next : kept);

    /// <summary>Whether the last validations brought no improvement.</summary>
    internal bool IsExhausted => patience is { } most && _history.Count > 1 && _history.Count - 1 - _history.IndexOf(Best!) >= most;

    /// <summary>The validation videos that could not be read, so far.</summary>
    internal IReadOnlyList<SkippedVideo> Skipped => validation.Skipped;

    /// <summary>Measures the zero-shot model, or goes on with what was measured before.</summary>
    /// <param name="before">What was measured before.</param>
    /// <param name="done">Steps that are done: the network has their weights.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ModelFileException">The best weights that are kept are of another step than the best measurement.</exception>
    internal void Begin(IReadOnlyList<ValidationPoint>? before, int done, CancellationToken cancellationToken)
    {
        if (before is not { Count: > 0 })
        {
            _history.Add(new(0, validation.Measure(cancellationToken)));
            return;
        }
        _history.AddRange(before);
        // The run was ended between its checkpoint and this file: the network has the weights that belong into it.
        if (Best is { } best && best.Step == done) _weights.Save(model, done);
        else if (Best is { } kept) _weights.Require(kept.Step);
    }

    /// <summary>Measures after this many steps.</summary>
    internal ValidationPoint Measure(int step, CancellationToken cancellationToken)
    {
        _history.Add(new(step, validation.Measure(cancellationToken)));
        return _history[^1];
    }

    /// <summary>Keeps the weights where the last measurement is the best; after the checkpoint that holds this measurement is written.</summary>
    internal void KeepBest()
    {
        if (Best is { } best && best == _history[^1]) _weights.Save(model, best.Step);
    }

    /// <summary>Puts the best weights into the network.</summary>
    internal void RestoreBest()
    {
        if (Best is { } kept && kept != _history[^1]) _weights.Restore(model, kept.Step);
    }

    public void Dispose()
    {
        _weights.Dispose();
        validation.Dispose();
    }

    /// <summary>The weights that did best, in a file that is replaced when it is complete.</summary>
    private sealed class BestWeights : IDisposable
    {
        /// <summary>A tensor that says how many steps were done.</summary>
        private const string StepName = "training.step";

        private readonly string _path;
        private readonly bool _isTemporary;

        internal BestWeights(string? folder)
        {
            _isTemporary = folder is null;
            _path = folder is null
                ? Path.Combine(Path.GetTempPath(), $"vcr-best-{Guid.NewGuid():N}.safetensors")
                : Path.Combine(folder, "best.safetensors");
            if (folder is not null) Directory.CreateDirectory(folder);
        }

        internal void Save(DualEncoderModel model, int step)
        {
            using var number = tensor((long)step);
            TorchWeights.Write(_path, [.. model.state_dict(), KeyValuePair.Create(StepName, number)]);
        }

        internal void Restore(DualEncoderModel model, int step)
        {
            Require(step);
            using var file = new SafetensorsFile(_path);
            ModuleLoading.Load(model, file, StepName);
        }

        /// <exception cref="ModelFileException">The weights are not there, or of another step.</exception>
        internal void Require(int step)
        {
            using var file = new SafetensorsFile(_path);
            var found = BitConverter.ToInt64(file.Bytes(StepName));
            if (found == step) return;
            throw new ModelFileException(_path, $"it holds the weights of step {found}, and the best model is that of step {step}. Delete the folder to train "
                + "again.");
        }

        public void Dispose()
        {
            if (_isTemporary) File.Delete(_path);
        }
    }
}

/// <summary>What was measured on the validation set after this many steps.</summary>
/// <param name="Step">Steps that were done; 0 = the zero-shot model.</param>
/// <param name="Metrics">Text to video.</param>
internal sealed record ValidationPoint(int Step, RetrievalMetrics Metrics)
{
    /// <summary>Whether it is better: more queries find their video at once; of equal ones, the higher mean reciprocal rank.</summary>
    internal bool IsBetterThan(ValidationPoint other) => (Metrics.RecallAt1, Metrics.MeanReciprocalRank)
        .CompareTo((other.Metrics.RecallAt1, other.Metrics.MeanReciprocalRank)) > 0;
}
