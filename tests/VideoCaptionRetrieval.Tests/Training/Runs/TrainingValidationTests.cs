using System.Buffers.Binary;
using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML;
using VideoCaptionRetrieval.Tests.Retrieval;
using VideoCaptionRetrieval.Torch.Training.Runs;

namespace VideoCaptionRetrieval.Tests.Training.Runs;

/// <summary>Held-out videos, the best model, early stopping, learning curves.</summary>
public sealed class TrainingValidationTests : IDisposable
{
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly MLContext _context = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-validation-").FullName;
    private readonly List<TrainingProgress> _progress = [];
    private readonly List<string> _log = [];

    public TrainingValidationTests() => _context.Log += (_, line) => _log.Add(line.Message);

    public void Dispose()
    {
        _checkpoint.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private MultiCaptionRetrievalTransformer Fit(Action<MultiCaptionRetrievalOptions> change, int videos = 12, int validation = 0)
    {
        var options = new MultiCaptionRetrievalOptions { Epochs = 4, BatchSize = 4, LearningRate = 5e-4, Progress = new Collecting(_progress) };
        change(options);
        var trainer = _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, options);
        return trainer.Fit(new FakePipeline(_context).View(videos), validation > 0 ? new FakePipeline(_context).View(validation) : null);
    }

    [Fact]
    public void Fit_ShareHeldOut_MeasuredAfterEachEpochAndNotTrainedOn()
    {
        var pipeline = new FakePipeline(_context);
        var options = new MultiCaptionRetrievalOptions { Epochs = 3, BatchSize = 4, Validation = { Fraction = 0.25 }, Progress = new Collecting(_progress) };
        using var model = _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, options).Fit(pipeline.View(12));

        Assert.Equal(3, _progress.Count(step => step.Validation is not null));
        Assert.All(_progress.Where(step => step.Validation is not null), step => Assert.Equal(6, step.Validation!.Queries));     // 3 videos, 2 captions each
        var trained = pipeline.Videos.Calls.Where(call => call.Epoch >= 0).Select(call => call.VideoId).ToHashSet();
        var held = pipeline.Videos.Calls.Where(call => call.Epoch < 0).Select(call => call.VideoId).ToHashSet();
        Assert.Equal((9, 3, 12), (trained.Count, held.Count, trained.Union(held).Count()));

        var summary = model.Training!;
        Assert.Equal((6, 6, 6), (summary.ZeroShot!.Queries, summary.FineTuned!.Queries, summary.Steps));       // a ninth video alone makes no step
        Assert.Contains(_progress, step => step.Validation == summary.FineTuned && step.Step == summary.BestStep);
        Assert.True(summary.PeakMemoryBytes > 0);
        Assert.Contains(_log, line => line.Contains("R@1", StringComparison.Ordinal) && line.Contains("frozen", StringComparison.Ordinal));
        Assert.Contains(_log, line => line.Contains("only 6 held-out queries", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_ValidationView_UsedInPlaceOfAShare()
    {
        using var model = Fit(options => options.Validation.Fraction = 0.5, validation: 5);
        Assert.Equal(10, model.Training!.ZeroShot!.Queries);
        Assert.Equal(12, model.Training.Steps);             // all 12 videos are trained on
    }

    [Fact]
    public void Fit_ModelGetsWorse_BestIsKeptAndTheRestIsNot()
    {
        void Options(MultiCaptionRetrievalOptions options) => (options.Epochs, options.LearningRate, options.Validation.Fraction) = (6, 2e-3, 0.4);
        using var best = Fit(Options);
        var kept = best.Training!;
        var points = _progress.Where(step => step.Validation is not null).Select(step => new ValidationPoint(step.Step, step.Validation!)).ToList();
        var expected = points.Aggregate((one, next) => next.IsBetterThan(one) ? next : one);
        Assert.Equal((expected.Step, expected.Metrics), (kept.BestStep, kept.FineTuned));

        // The same training, ended where the best was, gives those weights.
        using var shorter = Fit(options =>
        {
            Options(options);
            options.Validation.KeepBest = false;
        });
        Assert.Equal(points[^1].Metrics, shorter.Training!.FineTuned);
        if (expected.Step < points[^1].Step) Assert.NotEqual(TrainedWeights.Of(shorter), TrainedWeights.Of(best));
    }

    [Fact]
    public void Fit_EarlyStopping_EndsAndGoesOnToTheSame()
    {
        void Options(MultiCaptionRetrievalOptions options) =>
            (options.Epochs, options.LearningRate, options.Validation.Fraction, options.Validation.EarlyStoppingPatience) = (40, 1e-7, 0.3, 2);
        using var stopped = Fit(Options);
        Assert.Equal(3 * 2, stopped.Training!.Steps);       // nothing gets better after the first epoch: two more, of two steps each
        var folder = Path.Combine(_folder, "checkpoints");
        void Kept(MultiCaptionRetrievalOptions options)
        {
            Options(options);
            options.Checkpoints.Folder = folder;
        }
        using (Fit(Kept)) { }
        _progress.Clear();
        using var again = Fit(Kept);
        Assert.Empty(_progress);
        Assert.Equal(TrainedWeights.Of(stopped), TrainedWeights.Of(again));
    }

    [Fact]
    public void Fit_LogFolder_CurvesOfEveryStep()
    {
        using (Fit(options => (options.LogFolder, options.Validation.Fraction) = (_folder, 0.25))) { }
        var training = File.ReadAllLines(Path.Combine(_folder, "training.csv"));
        Assert.Equal("step,epoch,loss,learning_rate,elapsed_seconds,waited_seconds", training[0]);
        Assert.Equal(_progress.Select(step => step.Loss), training.Skip(1).Select(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture)));
        var validation = File.ReadAllLines(Path.Combine(_folder, "validation.csv")).Skip(1).ToList();
        Assert.Equal([0, .. _progress.Where(step => step.Validation is not null).Select(step => step.Step)], validation.Select(line => int.Parse(line.Split(',')[0], CultureInfo.InvariantCulture)));
        Assert.Equal(2, XDocument.Load(Path.Combine(_folder, "curves.svg")).Descendants().Count(node => node.Name.LocalName == "polyline"));
        var events = ReadEvents(Assert.Single(Directory.GetFiles(_folder, "events.out.tfevents.*")));
        Assert.Equal(1 + (2 * _progress.Count) + (3 * validation.Count), events);
    }

    [Fact]
    public void LearningCurves_GoesOn_LinesOfLaterStepsAreDropped()
    {
        static TrainingProgress Step(int step) => new(1, step, 10, step / 2.0, 1e-3, default);
        using (var curves = new LearningCurves(_folder, done: 0))
            for (var step = 1; step <= 5; step++) curves.Add(Step(step), null);
        using (var curves = new LearningCurves(_folder, done: 3)) curves.Add(Step(4) with { Loss = 9 }, null);
        Assert.Equal(["1", "2", "3", "4"], File.ReadAllLines(Path.Combine(_folder, "training.csv")).Skip(1).Select(line => line.Split(',')[0]));
        using (new LearningCurves(_folder, done: 0)) { }
        Assert.Single(File.ReadAllLines(Path.Combine(_folder, "training.csv")));
    }

    [Fact]
    public void Fit_LossAtChance_IsWarnedOf()
    {
        using var model = Fit(options => (options.Epochs, options.LearningRate, options.Objective.FixedLogitScale) = (1, 1e-9, 1));
        Assert.Contains(_log, line => line.Contains("no better than guessing", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_TooFewForValidation_SaysSo() =>
        Assert.Contains("Validation.Fraction", Assert.Throws<ArgumentException>(() => Fit(options => options.Validation.Fraction = 0.9, videos: 4)).Message);

    /// <summary>Reads records and checks their frames; the checksum of a length of 8 zero bytes is known from the format's description.</summary>
    private static int ReadEvents(string path)
    {
        var (bytes, count) = (File.ReadAllBytes(path), 0);
        for (var at = 0; at < bytes.Length; count++)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Masked(bytes.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            Assert.Equal(Masked(bytes.AsSpan(at + 12, length)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            Assert.Equal(0x09, bytes[at + 12]);             // wall_time, a double
            at += 16 + length;
        }
        return count;
    }

    /// <summary>CRC-32C by its polynomial, bit by bit, and the mask of TFRecord.</summary>
    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }

    private sealed class Collecting(List<TrainingProgress> steps) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => steps.Add(value);
    }
}
