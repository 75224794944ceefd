using Microsoft.ML;
using VideoCaptionRetrieval.TestSupport.Retrieval;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

public sealed class TrainingPrecisionTests : IDisposable
{
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly MLContext _context = new(seed: 1);

    public void Dispose() => _checkpoint.Dispose();

    private (Dictionary<string, string> Weights, List<double> Losses) Fit(TrainingPrecision precision, int chunk)
    {
        var losses = new List<double>();
        var options = new MultiCaptionRetrievalOptions
        {
            Epochs = 3,
            BatchSize = 4,
            LearningRate = 1e-4,
            Precision = precision,
            ChunkSize = chunk,
            Progress = new Collecting(losses),
        };
        using var model = _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, options).Fit(new FakePipeline(_context).View(8));
        return (TrainedWeights.Of(model), losses);
    }

    [SkippableTheory]
    [InlineData(3)]
    [InlineData(100)]
    public void Fit_BFloat16_NearFullPrecisionAndTheSameAgain(int chunk)
    {
        Skip.IfNot(TorchLibraries.Supported, "autocast needs Linux on x64");
        var (full, half, again) = (Fit(TrainingPrecision.Full, chunk), Fit(TrainingPrecision.BFloat16, chunk), Fit(TrainingPrecision.BFloat16, chunk));
        Assert.Equal(half.Weights, again.Weights);
        Assert.NotEqual(full.Losses, half.Losses);
        for (var step = 0; step < full.Losses.Count; step++) Assert.Equal(full.Losses[step], half.Losses[step], Math.Abs(full.Losses[step]) * 0.05);
    }

    [SkippableFact]
    public void Begin_InsideAndOutside_ProductsOf16And32Bits()
    {
        Skip.IfNot(TorchLibraries.Supported, "autocast needs Linux on x64");
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        var numbers = ones(2, 2);
        using (Autocast.Begin(ScalarType.BFloat16, CPU)) Assert.Equal(ScalarType.BFloat16, numbers.matmul(numbers).dtype);
        Assert.Equal(ScalarType.Float32, numbers.matmul(numbers).dtype);
    }

    [SkippableFact]
    public void Fit_HalfOnACpu_SaysWhatToTake()
    {
        Skip.IfNot(TorchLibraries.Supported, "autocast needs Linux on x64");
        Assert.Contains("BFloat16", Assert.Throws<NotSupportedException>(() => Fit(TrainingPrecision.Half, 100)).Message);
    }

    [Fact]
    public void GradientScaler_OverflowsAndGrowthTracker_HalvesAndDoubles()
    {
        var scale = new GradientScaler();
        scale.Update(finite: false);
        Assert.Equal(32768, scale.Value);
        for (var step = 0; step < 1999; step++) scale.Update(finite: true);
        Assert.Equal((32768, 1999), (scale.Value, scale.GrowthTracker));
        scale.Update(finite: true);
        Assert.Equal((65536, 0), (scale.Value, scale.GrowthTracker));
        var other = new GradientScaler();
        other.Restore(8, 3);
        Assert.Equal((8, 3), (other.Value, other.GrowthTracker));
    }

    private sealed class Collecting(List<double> losses) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => losses.Add(value.Loss);
    }
}
