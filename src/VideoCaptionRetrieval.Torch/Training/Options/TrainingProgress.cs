namespace VideoCaptionRetrieval;

/// <summary>Where a training run stands after one of its steps.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Step">The step in the whole run, from 1.</param>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="Loss">The loss of this step's batch before its update; NaN where too few of its videos could be read for a step.</param>
/// <param name="LearningRate">The learning rate of this step.</param>
/// <param name="Elapsed">Time since the run began.</param>
/// <param name="DataWait">How much of it the steps waited for frames.</param>
/// <param name="Validation">
/// Text to video on the held-out videos after this step; null where nothing was measured. The queries are their captions, automatic ones where
/// captioners wrote them, unless others are given (<see cref="TrainingValidationOptions.Queries"/>).
/// </param>
public sealed record TrainingProgress(
    int Epoch, int Step, int Steps, double Loss, double LearningRate, TimeSpan Elapsed,
    TimeSpan DataWait = default, RetrievalMetrics? Validation = null);
