namespace VideoCaptionRetrieval.Torch.Training.Optimization;

/// <summary>
/// The factor on the learning rates at each step of a run. Warm-up rises from 0 at step 0 to 1 at step <c>WarmupSteps</c>; the curve
/// then runs from 1 to 0 over what is left, so that the last step still has a rate above 0 (the rule of transformers and CLIP4Clip).
/// Thread-safe.
/// </summary>
/// <param name="Decay">The curve.</param>
/// <param name="TotalSteps">Steps of the whole run, at least 1.</param>
/// <param name="WarmupSteps">Steps before the full rate; may be longer than the run.</param>
/// <param name="StepsPerUpdate">
/// 1: the curve moves at every step; the steps of an epoch: it is constant inside an epoch (torch's CosineAnnealingLR, stepped after
/// each epoch).
/// </param>
public sealed record LearningRateSchedule(LearningRateDecay Decay, int TotalSteps, int WarmupSteps = 0, int StepsPerUpdate = 1)
{
    /// <summary>Computes the steps of a warm-up given as a share of the run, rounded up (the rule of transformers).</summary>
    internal static int ComputeWarmupSteps(double ratio, int totalSteps) => (int)Math.Ceiling(ratio * totalSteps);

    /// <summary>The factor for a step; steps count from 0, so a resumed run goes on where it stopped.</summary>
    public double Factor(int step)
    {
        if (step < WarmupSteps) return (double)step / WarmupSteps;
        var position = step / StepsPerUpdate * StepsPerUpdate;
        var progress = Math.Clamp((double)(position - WarmupSteps) / Math.Max(1, TotalSteps - WarmupSteps), 0, 1);
        return Decay switch
        {
            LearningRateDecay.Constant => 1,
            LearningRateDecay.Linear => 1 - progress,
            LearningRateDecay.Cosine => (1 + Math.Cos(Math.PI * progress)) / 2,
            _ => throw new InvalidOperationException($"The decay '{Decay}' is not known."),
        };
    }
}
