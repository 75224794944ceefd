using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training.Optimization;

/// <summary>Parameters that are trained with one learning rate.</summary>
/// <param name="LearningRate">The rate before the schedule's factor.</param>
/// <param name="Parameters">The parameters, owned by their module.</param>
/// <param name="WeightDecay">How much of a parameter is taken away for each unit of learning rate (AdamW); 0 = none.</param>
internal sealed record ParameterGroup(double LearningRate, IReadOnlyList<Tensor> Parameters, double WeightDecay = 0);
