using VideoCaptionRetrieval.Torch.Training.Data;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>The steps of one part's training: AdamW, warm-up, cosine. On one thread; the same seed gives the same steps.</summary>
internal sealed record TrainingStage(
    string Name, StageOptions Options, int Seed, IProgress<ImageModelProgress>? Progress, CancellationToken CancellationToken)
{
    private const double Beta2 = 0.98, WeightDecay = 0.05, LargestGradient = 1;
    private const int ReportEvery = 50;

    /// <summary>Trains the parameters.</summary>
    /// <param name="parameters">What is trained; matrices and tables decay, vectors do not.</param>
    /// <param name="items">How many images there are.</param>
    /// <param name="loss">The loss of the images with these numbers. Its tensors may be left to the step's dispose scope.</param>
    /// <param name="constrain">Keeps parameters in bounds after each step.</param>
    internal void Run(IReadOnlyList<Tensor> parameters, int items, Func<int[], Tensor> loss, Action? constrain = null)
    {
        var batchSize = Math.Min(Options.BatchSize, items);
        var schedule = new LearningRateSchedule(LearningRateDecay.Cosine, Options.Steps, Options.WarmupSteps);
        using var optimiser = new Adam(parameters.GroupBy(parameter => parameter.dim() > 1)
            .Select(group => new ParameterGroup(Options.LearningRate, [.. group], group.Key ? WeightDecay : 0)), beta2: Beta2);
        var sum = 0.0;
        foreach (var (_, step, batch) in new BatchSampler(items, batchSize, epochs: 1, Seed, Options.Steps).Batches())
        {
            CancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            optimiser.ClearGradients();
            var value = loss(batch);
            value.backward();
            GradientClipping.Apply(parameters, LargestGradient);
            optimiser.Step(schedule.Factor(step));
            constrain?.Invoke();
            sum += value.item<float>();
            var since = (step % ReportEvery) + 1;
            if (since < ReportEvery && step + 1 < Options.Steps) continue;
            Progress?.Report(new(Name, step + 1, Options.Steps, sum / since));
            sum = 0;
        }
        optimiser.ClearGradients();
    }
}

/// <summary>Where the training of one model stands.</summary>
/// <param name="Stage">"clip eye", "clip", "blip eye", "blip", "blip-retrieval", "blip-retrieval matching" or "clipcap".</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the stage.</param>
/// <param name="Loss">Mean loss since the last report.</param>
internal sealed record ImageModelProgress(string Stage, int Step, int Steps, double Loss);
