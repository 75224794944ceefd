using VideoCaptionRetrieval.Torch.Training.Options;

namespace VideoCaptionRetrieval;

/// <summary>Where and when <see cref="MultiCaptionRetrievalTrainer"/> writes checkpoints, from which an interrupted training goes on.</summary>
public sealed class TrainingCheckpointOptions
{
    internal TrainingCheckpointOptions()
    {
    }

    /// <summary>
    /// A folder for checkpoints: weights, optimiser and place in the data, complete or not there at all. An interrupted training goes on
    /// from the last one, with the result of an unbroken run (on a CPU to the bit). A checkpoint of other data or options is an error.
    /// </summary>
    /// <value>The default value is null: none are written.</value>
    [DoesNotChangeResult]
    public string? Folder { get; set; }

    /// <summary>Writes a checkpoint each time after this many steps, at least 1; at the end of an epoch one is written in any case.</summary>
    /// <value>The default value is null: at the ends of epochs only.</value>
    [DoesNotChangeResult]
    public int? EverySteps { get; set; }

    /// <summary>How many checkpoints are kept, the last ones; at least 1.</summary>
    /// <value>The default value is 2.</value>
    [DoesNotChangeResult]
    public int Keep { get; set; } = 2;

    internal TrainingCheckpointOptions Copy() => (TrainingCheckpointOptions)MemberwiseClone();
}
