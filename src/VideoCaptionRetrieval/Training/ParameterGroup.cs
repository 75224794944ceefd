using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Training;

/// <summary>Parameters that are trained with one learning rate.</summary>
/// <param name="LearningRate">The rate before the schedule's factor.</param>
/// <param name="Parameters">The parameters, owned by their module.</param>
internal sealed record ParameterGroup(double LearningRate, IReadOnlyList<Tensor> Parameters);
