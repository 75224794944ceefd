using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval;

/// <summary>Options of <see cref="MultiCaptionRetrievalTrainer"/>. By default Adam, cosine decay per step to 0, one rate for all parameters.</summary>
public sealed partial class MultiCaptionRetrievalOptions
{
    /// <summary>Default of <see cref="Epochs"/> (the paper).</summary>
    public const int DefaultEpochs = 10;

    /// <summary>Default of <see cref="BatchSize"/> (the paper, MSR-VTT and MSVD).</summary>
    public const int DefaultBatchSize = 16;

    /// <summary>Default of <see cref="LearningRate"/> (the paper, ActivityNet).</summary>
    public const double DefaultLearningRate = 1e-5;

    /// <summary>Default of <see cref="Temperature"/> (the paper).</summary>
    public const double DefaultTemperature = FrameScoring.DefaultTemperature;

    /// <summary>Default of <see cref="LogitScale"/>: 1 / 0.07, the scale that CLIP's own training started from.</summary>
    public const double DefaultLogitScale = 1 / 0.07;

    /// <summary>The largest <see cref="ChunkSize"/> that is chosen; ViT-B/16 with its optimiser is estimated at 12 GiB with it.</summary>
    public const int DefaultChunkSize = 32;


    /// <summary>How often every video is seen.</summary>
    /// <value>The default value is 10.</value>
    public int Epochs { get; set; } = DefaultEpochs;

    /// <summary>The length of the training in steps, in place of <see cref="Epochs"/>.</summary>
    /// <value>The default value is null: <see cref="Epochs"/> decides.</value>
    public int? Steps { get; set; }

    /// <summary>
    /// Videos in a step; each is contrasted with all others. At least 2. A last, shorter batch is kept if it has 2 or more.
    /// </summary>
    /// <value>The default value is 16.</value>
    public int BatchSize { get; set; } = DefaultBatchSize;

    /// <summary>Adam's learning rate at its highest, above 0: that of the towers, and of all other parameters unless they have their own.</summary>
    /// <value>The default value is 1e-5.</value>
    public double LearningRate { get; set; } = DefaultLearningRate;

    /// <summary>The learning rate of the two projections, above 0.</summary>
    /// <value>The default value is null: <see cref="LearningRate"/>.</value>
    public double? ProjectionLearningRate { get; set; }

    /// <summary>The learning rate of the logit scale, above 0.</summary>
    /// <value>The default value is null: <see cref="LearningRate"/>.</value>
    public double? LogitScaleLearningRate { get; set; }

    /// <summary>The curve of the learning rates after the warm-up, step by step.</summary>
    /// <value>The default value is <see cref="LearningRateDecay.Cosine"/>.</value>
    public LearningRateDecay LearningRateDecay { get; set; } = LearningRateDecay.Cosine;

    /// <summary>The share of the training in which the learning rates rise from 0, rounded up to whole steps; 0 to 1.</summary>
    /// <value>The default value is 0: no warm-up. CLIP4Clip takes 0.1.</value>
    public double WarmupRatio { get; set; }

    /// <summary>The steps of the warm-up, in place of <see cref="WarmupRatio"/>.</summary>
    /// <value>The default value is null: <see cref="WarmupRatio"/> decides.</value>
    public int? WarmupSteps { get; set; }

    /// <summary>
    /// How much of a weight is taken away for each unit of learning rate (AdamW); at least 0. Biases, norms and the logit scale never decay.
    /// </summary>
    /// <value>The default value is 0. CLIP4Clip takes 0.2.</value>
    public double WeightDecay { get; set; }

    /// <summary>Scales all gradients of a step down where together they are longer than this; above 0.</summary>
    /// <value>The default value is null: they are taken as they are.</value>
    public double? MaxGradientNorm { get; set; }

    /// <summary>Whether the vision tower and its projection keep their weights.</summary>
    /// <value>The default value is false.</value>
    public bool FreezeVision { get; set; }

    /// <summary>Whether the text tower and its projection keep their weights.</summary>
    /// <value>The default value is false.</value>
    public bool FreezeText { get; set; }

    /// <summary>Layers of the vision tower, from the first on, that keep their weights, and the embeddings with them.</summary>
    /// <value>The default value is 0: none, and the embeddings are trained too.</value>
    public int FrozenVisionLayers { get; set; }

    /// <summary>Layers of the text tower, from the first on, that keep their weights, and the embeddings with them.</summary>
    /// <value>The default value is 0: none, and the embeddings are trained too.</value>
    public int FrozenTextLayers { get; set; }

    /// <summary>Whether the logit scale is trained, where it is the checkpoint's (1 / 0.07 where a BLIP checkpoint says nothing); it then stays at or below 100.</summary>
    /// <value>The default value is true.</value>
    public bool TrainLogitScale { get; set; } = true;

    /// <summary>What a step takes of a video's captions.</summary>
    /// <value>The default value is <see cref="CaptionUse.All"/>.</value>
    public CaptionUse CaptionUse { get; set; } = CaptionUse.All;

    /// <summary>Frames of a video in a step: one random frame from each of so many equal segments.</summary>
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

    /// <summary>τ, the temperature of query scoring, above 0. The model keeps it for search.</summary>
    /// <value>The default value is 0.1.</value>
    public double Temperature { get; set; } = DefaultTemperature;

    /// <summary>How frames are pooled. The model keeps it for search.</summary>
    /// <value>The default value is <see cref="FramePooling.QueryScoring"/>.</value>
    public FramePooling Pooling { get; set; } = FramePooling.QueryScoring;

    /// <summary>Whether frames are brought to unit length before they are pooled. The model keeps it for search.</summary>
    /// <value>The default value is false, as in the reference implementation of query scoring; CLIP4Clip's mean pooling does it.</value>
    public bool NormaliseFrames { get; set; }

    /// <summary>How a video's captions are weighted.</summary>
    /// <value>The default value is <see cref="CaptionWeighting.Mean"/>.</value>
    public CaptionWeighting CaptionWeighting { get; set; } = CaptionWeighting.Mean;

    /// <summary>How the two directions of the loss are joined.</summary>
    /// <value>The default value is <see cref="LossReduction.Sum"/>.</value>
    public LossReduction LossReduction { get; set; } = LossReduction.Sum;

    /// <summary>
    /// Whether a BLIP is trained to say if a video and a text match too, which re-ranking asks it
    /// (<see cref="RetrievalEvaluationOptions.Rerank"/>): for each video a caption of another one, and for each caption another video, drawn by
    /// their similarity; cross-entropy over own and drawn pairs, added to the loss (BLIP, models/blip_retrieval.py; appendix E of the paper,
    /// which takes 4 frames in training and 8 at test). The text encoder then runs about three times as often. Not with
    /// <see cref="TrainingPrecision.Half"/>.
    /// </summary>
    /// <value>The default value is false. A CLIP has no head for it.</value>
    public bool ImageTextMatching { get; set; }

    /// <summary>Where the scale of the logits comes from.</summary>
    /// <value>The default value is <see cref="LogitScalePolicy.FromCheckpoint"/>.</value>
    public LogitScalePolicy LogitScalePolicy { get; set; } = LogitScalePolicy.FromCheckpoint;

    /// <summary>The scale under <see cref="LogitScalePolicy.Fixed"/>, above 0; without meaning under the others.</summary>
    /// <value>The default value is 1 / 0.07.</value>
    public double LogitScale { get; set; } = DefaultLogitScale;

    /// <summary>
    /// Images (and texts) that go through the network at once. Memory grows with it; the result does not depend on it but for rounding. A
    /// batch that fits one chunk is encoded once a step instead of twice. Give a number where weights are to be equal to the bit on machines
    /// with different memory.
    /// </summary>
    /// <value>
    /// The default value is null: 32, or the power of two below it that fits the free memory. <see cref="TrainingSummary.ChunkSize"/> says
    /// which; a training that goes on from a checkpoint keeps its own.
    /// </value>
    public int? ChunkSize { get; set; }

    /// <summary>In what the towers compute. Bits of the result are the same on a CPU for the same precision.</summary>
    /// <value>The default value is <see cref="TrainingPrecision.Full"/>.</value>
    public TrainingPrecision Precision { get; set; } = TrainingPrecision.Full;

    /// <summary>
    /// Name of the Text column that names a video. Only for a frame column without a source (see <see cref="FramesColumnName"/>):
    /// FrameSampler knows its own columns of names, paths and clip bounds.
    /// </summary>
    /// <value>The default value is VideoId.</value>
    public string VideoIdColumnName { get; set; } = "VideoId";

    /// <summary>Name of the Text or vector of Text column with a video's captions; scores are in the column "NAME.Scores".</summary>
    /// <value>The default value is Captions.</value>
    public string CaptionsColumnName { get; set; } = "Captions";

    /// <summary>
    /// Name of the frame column, a vector of Byte [N, S, S, 3]; S is the size that the checkpoint takes. FrameSampler's columns carry a
    /// source, from which other frames are drawn in each epoch. A column without one is a pool of k·<see cref="FrameCount"/> frames, of
    /// which one of each k is drawn.
    /// </summary>
    /// <value>The default value is Frames.</value>
    public string FramesColumnName { get; set; } = FrameColumn.DefaultName;

    /// <summary>Name of the Text column that says why a video could not be read; it may be absent. Such rows are left out.</summary>
    /// <value>The default value is FrameError.</value>
    public string FrameErrorColumnName { get; set; } = FrameSamplerTransformer.ErrorColumn;

    /// <summary>
    /// Name of a Single column that says how often a video is drawn, beside the others: of a weight of 2 twice as often, of 0 never. An epoch
    /// still has as many steps; no step holds a video twice. So several data sets are mixed in other shares than they
    /// have videos.
    /// </summary>
    /// <value>The default value is null: every video is drawn once in an epoch.</value>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// A folder for checkpoints: weights, optimiser and place in the data, complete or not there at all. A training that was ended goes on
    /// from the last one, with the result of an unbroken run (on a CPU to the bit). A checkpoint of other data or options is an error.
    /// </summary>
    /// <value>The default value is null: none are written.</value>
    public string? CheckpointFolder { get; set; }

    /// <summary>Writes a checkpoint after so many steps; at the end of an epoch one is written in any case.</summary>
    /// <value>The default value is null: at the ends of epochs alone.</value>
    public int? CheckpointEverySteps { get; set; }

    /// <summary>How many checkpoints are kept, the last ones.</summary>
    /// <value>The default value is 2.</value>
    public int KeepCheckpoints { get; set; } = 2;

    /// <summary>
    /// The share of the videos that is kept out of the training, drawn by the seed; after every epoch, each of their captions is a query for
    /// its video. At least 0, below 1. Without effect where Fit is given videos for validation.
    /// </summary>
    /// <value>The default value is 0: all videos are trained on.</value>
    public double ValidationFraction { get; set; }

    /// <summary>
    /// Whether the model of the epoch that did best on the held-out videos (text-to-video recall at 1, then mean reciprocal rank) is kept,
    /// instead of the last one.
    /// </summary>
    /// <value>The default value is true.</value>
    public bool KeepBest { get; set; } = true;

    /// <summary>Ends the training after so many epochs in which the held-out videos said nothing better.</summary>
    /// <value>The default value is null: it goes on to the end.</value>
    public int? EarlyStoppingPatience { get; set; }

    /// <summary>A folder for learning curves: training.csv, validation.csv, curves.svg, and events for TensorBoard.</summary>
    /// <value>The default value is null: none are written.</value>
    public string? LogFolder { get; set; }

    /// <summary>Takes a report after every step, on the training thread.</summary>
    /// <value>The default value is null.</value>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Ends the training between two steps with an <see cref="OperationCanceledException"/>.</summary>
    /// <value>The default value never does.</value>
    public CancellationToken CancellationToken { get; set; }

    internal string ScoresColumnName => CaptionsColumnName + ".Scores";

    internal FrameScoring FrameScoring => new() { Pooling = Pooling, Temperature = Temperature, NormaliseFrames = NormaliseFrames };

    /// <summary>A copy, so that later changes of the options do not reach the trainer.</summary>
    internal MultiCaptionRetrievalOptions Copy() => (MultiCaptionRetrievalOptions)MemberwiseClone();
}
