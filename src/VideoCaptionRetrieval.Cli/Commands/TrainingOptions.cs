using System.CommandLine;

namespace VideoCaptionRetrieval.Cli.Commands;

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
        Description = "Adam's rate at the first step; it falls to 0 along a cosine.",
        HelpName = "RATE",
        DefaultValueFactory = _ => MultiCaptionRetrievalOptions.DefaultLearningRate,
    };

    private readonly Option<int> _seed = CommonOptions.Whole("--seed", "Seed of the order of videos and the choice of frames.", DefaultSeed, int.MinValue);

    internal void AddTo(Command command)
    {
        _learningRate.Validators.Add(Validators.Positive());
        foreach (var option in new Option[] { _epochs, _batchSize, _learningRate, _seed }) command.Options.Add(option);
    }

    internal MultiCaptionRetrievalOptions Read(ParseResult parsed) => new()
    {
        Epochs = parsed.GetValue(_epochs),
        BatchSize = parsed.GetValue(_batchSize),
        LearningRate = parsed.GetValue(_learningRate),
        Seed = parsed.GetValue(_seed),
    };
}
