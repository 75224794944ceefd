using VideoCaptionRetrieval.Scoring;

namespace VideoCaptionRetrieval;

/// <summary>Options of <see cref="MultiCaptionRetrievalTrainer"/>. Adam, cosine decay per step to 0, one rate for all parameters.</summary>
public sealed class MultiCaptionRetrievalOptions
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

    /// <summary>Default of <see cref="ChunkSize"/>: ViT-B/16 with its optimiser then needs about 7.5 GB.</summary>
    public const int DefaultChunkSize = 32;

    internal const string DefaultFramesColumnName = "Frames";
    internal const string DefaultFrameErrorColumnName = "FrameError";

    /// <summary>How often every video is seen.</summary>
    /// <value>The default value is 10.</value>
    public int Epochs { get; set; } = DefaultEpochs;

    /// <summary>
    /// Videos in a step; each is contrasted with all others. At least 2. A last, shorter batch is kept if it has 2 or more.
    /// </summary>
    /// <value>The default value is 16.</value>
    public int BatchSize { get; set; } = DefaultBatchSize;

    /// <summary>Adam's learning rate at the first step, above 0.</summary>
    /// <value>The default value is 1e-5.</value>
    public double LearningRate { get; set; } = DefaultLearningRate;

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

    /// <summary>Where the scale of the logits comes from.</summary>
    /// <value>The default value is <see cref="LogitScalePolicy.FromCheckpoint"/>.</value>
    public LogitScalePolicy LogitScalePolicy { get; set; } = LogitScalePolicy.FromCheckpoint;

    /// <summary>The scale under <see cref="LogitScalePolicy.Fixed"/>, above 0; without meaning under the others.</summary>
    /// <value>The default value is 1 / 0.07.</value>
    public double LogitScale { get; set; } = DefaultLogitScale;

    /// <summary>
    /// Images (and texts) that go through the network at once. Memory grows with it; the result does not depend on it. A batch that
    /// fits one chunk is encoded once a step instead of twice.
    /// </summary>
    /// <value>The default value is 32.</value>
    public int ChunkSize { get; set; } = DefaultChunkSize;

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
    public string FramesColumnName { get; set; } = DefaultFramesColumnName;

    /// <summary>Name of the Text column that says why a video could not be read; it may be absent. Such rows are left out.</summary>
    /// <value>The default value is FrameError.</value>
    public string FrameErrorColumnName { get; set; } = DefaultFrameErrorColumnName;

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

    /// <summary>Checks all values together.</summary>
    /// <exception cref="ArgumentException">Lists every value that is out of range.</exception>
    internal void Validate()
    {
        var faults = new List<string>();
        void Check(bool good, string name, object? found, string expected)
        {
            if (!good) faults.Add($"{name} is '{found}'; expected {expected}.");
        }
        Check(Epochs >= 1, nameof(Epochs), Epochs, "at least 1");
        Check(BatchSize >= 2, nameof(BatchSize), BatchSize, "at least 2, because a video is contrasted with the others of its batch");
        Check(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "a number above 0");
        Check(FrameCount is null or >= 1, nameof(FrameCount), FrameCount, "null or at least 1");
        Check(ImageSize is null or >= 1, nameof(ImageSize), ImageSize, "null or at least 1");
        Check(Temperature > 0 && double.IsFinite(Temperature), nameof(Temperature), Temperature, "a number above 0");
        Check(LogitScale > 0 && double.IsFinite(LogitScale), nameof(LogitScale), LogitScale, "a number above 0");
        Check(ChunkSize >= 1, nameof(ChunkSize), ChunkSize, "at least 1");
        Check(Enum.IsDefined(Pooling), nameof(Pooling), Pooling, Names<FramePooling>());
        Check(Enum.IsDefined(CaptionWeighting), nameof(CaptionWeighting), CaptionWeighting, Names<CaptionWeighting>());
        Check(Enum.IsDefined(LossReduction), nameof(LossReduction), LossReduction, Names<LossReduction>());
        Check(Enum.IsDefined(LogitScalePolicy), nameof(LogitScalePolicy), LogitScalePolicy, Names<LogitScalePolicy>());
        foreach (var (name, column) in Columns()) Check(!string.IsNullOrWhiteSpace(column), name, column, "a column's name");
        if (faults.Count > 0)
            throw new ArgumentException($"The options of the trainer are not valid:{string.Concat(faults.Select(fault => $"\n- {fault}"))}");
    }

    private IEnumerable<(string Name, string Column)> Columns() =>
    [
        (nameof(VideoIdColumnName), VideoIdColumnName), (nameof(CaptionsColumnName), CaptionsColumnName),
        (nameof(FramesColumnName), FramesColumnName), (nameof(FrameErrorColumnName), FrameErrorColumnName),
    ];

    private static string Names<T>()
        where T : struct, Enum => string.Join(" or ", Enum.GetNames<T>());
}
