using VideoCaptionRetrieval.Torch.DualEncoders;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>Follows a training by the held-out videos: which weights are the best, and when it no longer pays.</summary>
/// <param name="model">The network that is trained.</param>
/// <param name="validation">Measures.</param>
/// <param name="best">Keeps the best weights.</param>
/// <param name="patience">Validations without a better one after which the training ends; null = it never does.</param>
internal sealed class TrainingSelection(DualEncoderModel model, TrainingValidation validation, BestWeights best, int? patience) : IDisposable
{
    private readonly List<ValidationPoint> _history = [];

    /// <summary>All measurements, that of the frozen model first.</summary>
    internal IReadOnlyList<ValidationPoint> History => _history;

    /// <summary>The frozen model.</summary>
    internal ValidationPoint Frozen => _history[0];

    /// <summary>The best of those that were trained; null where there is none yet.</summary>
    internal ValidationPoint? Best => _history.Skip(1).Aggregate((ValidationPoint?)null, (kept, next) => kept is null || next.IsBetterThan(kept) ? next : kept);

    /// <summary>Whether the last validations brought nothing better.</summary>
    internal bool IsExhausted => patience is { } most && _history.Count > 1 && _history.Count - 1 - _history.IndexOf(Best!) >= most;

    /// <summary>How many queries there are.</summary>
    internal int Queries => validation.Queries;

    /// <summary>Begins, or goes on with what was measured before.</summary>
    internal void Begin(IReadOnlyList<ValidationPoint>? before, CancellationToken cancellationToken)
    {
        if (before is { Count: > 0 }) _history.AddRange(before);
        else _history.Add(new(0, validation.Measure(cancellationToken)));
    }

    /// <summary>Measures after so many steps, and keeps the weights where they are the best.</summary>
    internal ValidationPoint Measure(int step, CancellationToken cancellationToken)
    {
        _history.Add(new(step, validation.Measure(cancellationToken)));
        if (Best == _history[^1]) best.Save(model);
        return _history[^1];
    }

    /// <summary>Puts the best weights into the network.</summary>
    internal void Finish()
    {
        if (Best is { } kept && kept != _history[^1]) best.Restore(model);
    }

    public void Dispose() => best.Dispose();
}
