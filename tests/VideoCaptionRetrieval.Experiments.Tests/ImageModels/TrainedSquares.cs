using VideoCaptionRetrieval.Experiments.ImageModels;

namespace VideoCaptionRetrieval.Experiments.Tests.ImageModels;

/// <summary>The models, trained once on coloured squares for all tests of a class.</summary>
public sealed class TrainedSquares : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vcr-image-models-").FullName;

    public TrainedSquares()
    {
        Data = ColouredSquares.Data(200);
        ImageModelTraining.Run(Data, Folder, new()
        {
            Eye = new(Steps: 40, BatchSize: 32, LearningRate: 1e-3, WarmupSteps: 5),
            Clip = new(Steps: 80, BatchSize: 32, LearningRate: 1.5e-3, WarmupSteps: 10),
            Blip = new(Steps: 100, BatchSize: 32, LearningRate: 1.5e-3, WarmupSteps: 10),
            ClipCap = new(Steps: 150, BatchSize: 32, LearningRate: 1.5e-3, WarmupSteps: 10),
            BlipRetrieval = new(Steps: 100, BatchSize: 32, LearningRate: 1.5e-3, WarmupSteps: 10),
            BlipMatching = new(Steps: 200, BatchSize: 32, LearningRate: 1e-3, WarmupSteps: 10),
        }, Reports);
    }

    internal ImageModelData Data { get; }

    internal ReportList Reports { get; } = new();

    internal string Folder => Path.Combine(_root, "models");

    internal string Clip => Path.Combine(Folder, ImageModelTraining.Clip);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}

/// <summary>Keeps reports in the order in which they came.</summary>
internal sealed class ReportList : IProgress<ImageModelProgress>
{
    private readonly Lock _gate = new();
    private readonly List<ImageModelProgress> _reports = [];

    internal IReadOnlyList<ImageModelProgress> All
    {
        get { lock (_gate) return [.. _reports]; }
    }

    public void Report(ImageModelProgress value)
    {
        lock (_gate) _reports.Add(value);
    }
}
