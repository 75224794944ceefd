namespace VideoCaptionRetrieval.Torch.Training.Options;

/// <summary>
/// Marks an option of the trainer that changes no number of the trained model. All others tell trainings apart: a training goes on from
/// checkpoints only where they are the same.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DoesNotChangeResultAttribute : Attribute;
