using VideoCaptionRetrieval.Torch.Training.Options;

namespace VideoCaptionRetrieval;

/// <summary>Options of <see cref="MultiCaptionRetrievalTrainer"/>: what most users set, and groups of what fewer do.</summary>
public sealed partial class MultiCaptionRetrievalOptions
{
    /// <summary>Default of <see cref="Epochs"/> (the paper).</summary>
    public const int DefaultEpochs = 10;

    /// <summary>Default of <see cref="BatchSize"/> (the paper, MSR-VTT and MSVD).</summary>
    public const int DefaultBatchSize = 16;

    /// <summary>Default of <see cref="LearningRate"/> (the paper, ActivityNet).</summary>
    public const double DefaultLearningRate = 1e-5;

    /// <summary>The largest <see cref="ChunkSize"/> that is chosen; ViT-B/16 with its optimiser is estimated at 12 GiB with it.</summary>
    public const int DefaultChunkSize = 32;

    /// <summary>How often every video is seen, at least 1.</summary>
    /// <value>The default value is 10.</value>
    public int Epochs { get; set; } = DefaultEpochs;

    /// <summary>The length of the training in steps, instead of <see cref="Epochs"/>; at least 1.</summary>
    /// <value>The default value is null: <see cref="Epochs"/> decides.</value>
    public int? Steps { get; set; }

    /// <summary>Videos in a step, at least 2; each is contrasted with all others.</summary>
    /// <value>The default value is 16.</value>
    public int BatchSize { get; set; } = DefaultBatchSize;

    /// <summary>What becomes of an epoch's last videos where they are fewer than <see cref="BatchSize"/>.</summary>
    /// <value>The default value is <see cref="VideoCaptionRetrieval.LastBatch.Keep"/>: a shorter step, if they are 2 or more.</value>
    public LastBatch LastBatch { get; set; } = LastBatch.Keep;

    /// <summary>Adam's learning rate at its highest, above 0: of all parameters that have no own one in <see cref="Optimization"/>.</summary>
    /// <value>The default value is 1e-5.</value>
    public double LearningRate { get; set; } = DefaultLearningRate;

    /// <summary>Frames of a video in a step, at least 1: one random frame from each of this many equal segments.</summary>
    /// <value>The default value is null: as many as the frame column holds.</value>
    public int? FrameCount { get; set; }

    /// <summary>
    /// Width and height of frames in pixels, where they are to differ from the checkpoint's: its position table is then interpolated. The
    /// frame column must have that size (<see cref="FrameColumn.For"/>).
    /// </summary>
    /// <value>The default value is null: the checkpoint's size.</value>
    public int? ImageSize { get; set; }

    /// <summary>Seed of the order of videos and of the frames drawn. On a CPU the same seed gives the same weights to the bit.</summary>
    /// <value>The default value is null: the seed of the MLContext; where it has none, a random one.</value>
    public int? Seed { get; set; }

    /// <summary>
    /// Images (and texts) that go through the network at once, at least 1. Memory grows with it; the result does not depend on it but for
    /// rounding. A batch that fits one chunk is encoded once a step instead of twice. Set it where weights must be equal to the bit on machines
    /// with different memory.
    /// </summary>
    /// <value>
    /// The default value is null: 32, or the power of two below it that fits the free memory. <see cref="TrainingSummary.ChunkSize"/> says
    /// which; a training that goes on from a checkpoint keeps its own.
    /// </value>
    public int? ChunkSize { get; set; }

    /// <summary>The precision in which the towers compute. On a CPU the same precision gives the same bits.</summary>
    /// <value>The default value is <see cref="TrainingPrecision.Full"/>.</value>
    public TrainingPrecision Precision { get; set; } = TrainingPrecision.Full;

    /// <summary>Learning rates and their schedule, weight decay, gradient clipping.</summary>
    public TrainingOptimizationOptions Optimization { get; private set; } = new();

    /// <summary>Similarity and loss.</summary>
    public TrainingObjectiveOptions Objective { get; private set; } = new();

    /// <summary>Parts of the network that keep their weights.</summary>
    public TrainingFreezeOptions Freeze { get; private set; } = new();

    /// <summary>Names of the input columns.</summary>
    public TrainingColumnOptions Columns { get; private set; } = new();

    /// <summary>Checkpoints, from which an interrupted training goes on.</summary>
    public TrainingCheckpointOptions Checkpoints { get; private set; } = new();

    /// <summary>Videos that are kept out of the training to measure it.</summary>
    public TrainingValidationOptions Validation { get; private set; } = new();

    /// <summary>A folder for learning curves: training.csv, validation.csv, curves.svg, and events for TensorBoard.</summary>
    /// <value>The default value is null: none are written.</value>
    [DoesNotChangeResult]
    public string? LogFolder { get; set; }

    /// <summary>Receives a report after every step, on the training thread.</summary>
    /// <value>The default value is null.</value>
    [DoesNotChangeResult]
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Ends the training between two steps with an <see cref="OperationCanceledException"/>.</summary>
    /// <value>The default value is never cancelled.</value>
    [DoesNotChangeResult]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Copies the options and their groups, so that later changes do not reach the trainer.</summary>
    internal MultiCaptionRetrievalOptions Copy()
    {
        var copy = (MultiCaptionRetrievalOptions)MemberwiseClone();
        (copy.Optimization, copy.Objective, copy.Freeze) = (Optimization.Copy(), Objective.Copy(), Freeze.Copy());
        (copy.Columns, copy.Checkpoints, copy.Validation) = (Columns.Copy(), Checkpoints.Copy(), Validation.Copy());
        return copy;
    }
}
