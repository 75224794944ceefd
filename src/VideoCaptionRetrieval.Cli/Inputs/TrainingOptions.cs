using System.CommandLine;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Options of how a model is trained.</summary>
internal sealed class TrainingOptions
{
    private const int DefaultSeed = 1;
    private const string Keep = "keep", Drop = "drop", Fill = "fill", SameFile = "same-file", SameFileAndCaption = "same-file-and-caption";

    private readonly Option<int> _epochs = CommonOptions.Whole(
        "--epochs", "Passes over all videos.", MultiCaptionRetrievalOptions.DefaultEpochs, minimum: 1);

    private readonly Option<int> _batchSize = CommonOptions.Whole(
        "--batch-size", "Videos per step; each is contrasted with the others.", MultiCaptionRetrievalOptions.DefaultBatchSize, minimum: 2);

    private readonly Option<string> _lastBatch = new("--last-batch")
    {
        Description = "What becomes of an epoch's last videos where they are too few for a step: a shorter step (keep), none (drop), or one with the "
            + "next epoch's first (fill).",
        DefaultValueFactory = _ => Keep,
    };

    private readonly Option<double> _learningRate = new("--learning-rate")
    {
        Description = "Peak learning rate of Adam; it decays to 0 along a cosine.",
        HelpName = "RATE",
        DefaultValueFactory = _ => MultiCaptionRetrievalOptions.DefaultLearningRate,
    };

    private readonly Option<int> _seed = CommonOptions.Whole("--seed", "Seed of the order of videos and of the frames drawn.", DefaultSeed, int.MinValue);

    private readonly Option<double> _warmup = new("--warmup")
    {
        Description = "Share of the training in which the rate rises from 0, 0 to 1.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<double> _weightDecay = new("--weight-decay")
    {
        Description = "Weight decay (AdamW).",
        HelpName = "DECAY",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<int?> _chunkSize = new("--chunk-size")
    {
        Description = "Images and texts per forward pass: memory grows with it; the result changes by rounding alone. "
            + $"Default up to {MultiCaptionRetrievalOptions.DefaultChunkSize}, as free memory allows.",
        HelpName = "N",
    };

    private readonly Option<bool> _freezeText = new("--freeze-text") { Description = "Freeze the text tower." };

    private readonly Option<bool> _matching = new("--image-text-matching")
    {
        Description = "Also train a BLIP's matching head, which --rerank uses.",
    };

    private readonly Option<double> _validation = new("--validation")
    {
        Description = "Share of the videos to hold out: the model is measured on them after each epoch, and the best one is kept.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<string?> _validationQueries = new("--validation-queries")
    {
        Description = "Measure by what people ask, lines with \"video\" and \"text\", instead of the held-out videos' captions; without --validation, the "
            + "videos of these lines are held out.",
        HelpName = "FILE",
    };

    private readonly Option<string> _falseNegatives = new("--false-negatives")
    {
        Description = "Pairs of a step that are no negatives of each other: none (keep), parts of one file, or also videos with an equal caption.",
        DefaultValueFactory = _ => SameFile,
    };

    private readonly Option<int?> _patience = new("--early-stopping")
    {
        Description = "Stop after N epochs without improvement on the held-out videos.",
        HelpName = "N",
    };

    private readonly Option<string?> _log = new("--log")
    {
        Description = "Write learning curves to this folder: CSV files, a picture, and events for TensorBoard.",
        HelpName = "DIR",
    };

    internal void AddTo(Command command)
    {
        _validation.Validators.Add(Validators.Between(0, 0.99));
        _lastBatch.AcceptOnlyFromAmong(Keep, Drop, Fill);
        _falseNegatives.AcceptOnlyFromAmong(Keep, SameFile, SameFileAndCaption);
        _patience.Validators.Add(Validators.AtLeast(1));
        _chunkSize.Validators.Add(Validators.AtLeast(1));
        _learningRate.Validators.Add(Validators.Positive());
        _warmup.Validators.Add(Validators.Between(0, 1));
        _weightDecay.Validators.Add(Validators.Between(0, double.MaxValue));
        foreach (var option in new Option[] { _epochs, _batchSize, _lastBatch, _learningRate, _warmup, _weightDecay, _freezeText, _matching, _chunkSize, _falseNegatives, _validation, _validationQueries, _patience, _log, _seed })
            command.Options.Add(option);
    }

    internal MultiCaptionRetrievalOptions Read(ParseResult parsed) => new()
    {
        Epochs = parsed.GetValue(_epochs),
        BatchSize = parsed.GetValue(_batchSize),
        LastBatch = parsed.GetValue(_lastBatch) switch
        {
            Drop => LastBatch.Drop,
            Fill => LastBatch.Fill,
            _ => LastBatch.Keep,
        },
        LearningRate = parsed.GetValue(_learningRate),
        Optimization = { WarmupRatio = parsed.GetValue(_warmup), WeightDecay = parsed.GetValue(_weightDecay) },
        Freeze = { Text = parsed.GetValue(_freezeText) },
        Objective =
        {
            ImageTextMatching = parsed.GetValue(_matching),
            FalseNegatives = parsed.GetValue(_falseNegatives) switch
            {
                Keep => FalseNegatives.Keep,
                SameFileAndCaption => FalseNegatives.MaskSameFileAndCaption,
                _ => FalseNegatives.MaskSameFile,
            },
        },
        ChunkSize = parsed.GetValue(_chunkSize),
        Validation =
        {
            Fraction = parsed.GetValue(_validation),
            Queries = parsed.GetValue(_validationQueries) is { } file ? QueryLines.Read(file) : null,
            EarlyStoppingPatience = parsed.GetValue(_patience),
        },
        LogFolder = parsed.GetValue(_log),
        Seed = parsed.GetValue(_seed),
    };
}
