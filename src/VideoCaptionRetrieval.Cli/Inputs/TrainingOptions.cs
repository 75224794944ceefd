using System.CommandLine;
using VideoCaptionRetrieval.Torch.Training.Optimization;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Options of how a model is trained.</summary>
internal sealed class TrainingOptions
{
    private const int DefaultSeed = 1;

    private readonly Option<int> _epochs = CommonOptions.Whole(
        "--epochs", "How often every video is seen.", MultiCaptionRetrievalOptions.DefaultEpochs, minimum: 1);

    private readonly Option<int> _batchSize = CommonOptions.Whole(
        "--batch-size", "Videos in a step, which are contrasted with each other.", MultiCaptionRetrievalOptions.DefaultBatchSize, minimum: 2);

    private readonly Option<double> _learningRate = new("--learning-rate")
    {
        Description = "Adam's rate at its highest; it falls to 0 along a cosine.",
        HelpName = "RATE",
        DefaultValueFactory = _ => MultiCaptionRetrievalOptions.DefaultLearningRate,
    };

    private readonly Option<int> _seed = CommonOptions.Whole("--seed", "Seed of the order of videos and the choice of frames.", DefaultSeed, int.MinValue);

    private readonly Option<double> _warmup = new("--warmup")
    {
        Description = "The share of the training in which the rate rises from 0, from 0 to 1.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<double> _weightDecay = new("--weight-decay")
    {
        Description = "How much weights shrink for each unit of learning rate (AdamW).",
        HelpName = "DECAY",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<int?> _chunkSize = new("--chunk-size")
    {
        Description = "Images and texts that go through the network at once: memory grows with it, the result does not depend on it but for rounding. "
            + $"By default up to {MultiCaptionRetrievalOptions.DefaultChunkSize}, as free memory allows.",
        HelpName = "N",
    };

    private readonly Option<bool> _freezeText = new("--freeze-text") { Description = "Keep the text tower as it is." };

    private readonly Option<bool> _matching = new("--image-text-matching")
    {
        Description = "Train a BLIP's matching head too, which --rerank asks.",
    };

    private readonly Option<double> _validation = new("--validation")
    {
        Description = "The share of the videos that is kept out of the training, to see after each epoch whether the model gets better; the best one is kept.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<int?> _patience = new("--early-stopping")
    {
        Description = "End after so many epochs in which --validation said nothing better.",
        HelpName = "N",
    };

    private readonly Option<string?> _log = new("--log")
    {
        Description = "A folder for learning curves: CSV files, a picture, and events for TensorBoard.",
        HelpName = "DIR",
    };

    internal void AddTo(Command command)
    {
        _validation.Validators.Add(Validators.Between(0, 0.99));
        _patience.Validators.Add(Validators.AtLeast(1));
        _chunkSize.Validators.Add(Validators.AtLeast(1));
        _learningRate.Validators.Add(Validators.Positive());
        _warmup.Validators.Add(Validators.Between(0, 1));
        _weightDecay.Validators.Add(Validators.Between(0, double.MaxValue));
        foreach (var option in new Option[] { _epochs, _batchSize, _learningRate, _warmup, _weightDecay, _freezeText, _matching, _chunkSize, _validation, _patience, _log, _seed })
            command.Options.Add(option);
    }

    internal MultiCaptionRetrievalOptions Read(ParseResult parsed) => new()
    {
        Epochs = parsed.GetValue(_epochs),
        BatchSize = parsed.GetValue(_batchSize),
        LearningRate = parsed.GetValue(_learningRate),
        Optimization = { WarmupRatio = parsed.GetValue(_warmup), WeightDecay = parsed.GetValue(_weightDecay) },
        Freeze = { Text = parsed.GetValue(_freezeText) },
        Objective = { ImageTextMatching = parsed.GetValue(_matching) },
        ChunkSize = parsed.GetValue(_chunkSize),
        Validation = { Fraction = parsed.GetValue(_validation), EarlyStoppingPatience = parsed.GetValue(_patience) },
        LogFolder = parsed.GetValue(_log),
        Seed = parsed.GetValue(_seed),
    };
}
