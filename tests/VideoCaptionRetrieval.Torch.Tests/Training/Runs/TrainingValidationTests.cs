using System.Buffers.Binary;
using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML;
using VideoCaptionRetrieval.TestSupport.Retrieval;
using VideoCaptionRetrieval.Torch.Training.Runs;

namespace VideoCaptionRetrieval.Torch.Tests.Training.Runs;

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
        var held = pipeline.Videos.Calls.Where(call => call.Epoch < 0).Select(call => call.VideoId).ToList();      // each is decoded once
        Assert.Equal((9, 3, 12), (trained.Count, held.Count, trained.Union(held).Count()));

        var summary = model.Training!;
        Assert.Equal((6, 6, 6), (summary.ZeroShot!.Queries, summary.FineTuned!.Queries, summary.Steps));       // a ninth video alone makes no step
        Assert.Equal((9, 3, false), (summary.Videos, summary.HeldOut, summary.AsksGivenQueries));
        Assert.Contains(_log, line => line.Contains("R@1 by the videos' own captions, automatic ones", StringComparison.Ordinal));
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
    public void Fit_ValidationVideosThatAreTrainedOn_AreWarnedOf()
    {
        using (Fit(_ => { }, validation: 5)) { }
        Assert.Contains(_log, line => line.Contains("5 of 5 validation videos are in files that are trained on too, such as 'v0'", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_UnreadableValidationVideo_IsSaidAndTheOthersAreMeasured()
    {
        var pipeline = new FakePipeline(_context) { OnError = FrameErrorHandling.Report };
        pipeline.Videos.Unreadable.Add("v3");
        var trainer = _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, new() { Epochs = 2, BatchSize = 4 });
        using var model = trainer.Fit(new FakePipeline(_context).View(6), pipeline.View(5));
        Assert.Equal(8, model.Training!.FineTuned!.Queries);
        Assert.Single(pipeline.Videos.Calls, call => call.VideoId == "v3");
        Assert.Contains(_log, line => line.Contains("'v3' is left out of the validation", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void Fit_ValidationColumnWithAnotherCount_TakesAsManyAsTraining(int count)
    {
        using var same = FitPools(training: 2, validation: 2);
        using var model = FitPools(training: 2, validation: count);
        using var sourced = _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, new() { Epochs = 1, BatchSize = 4 })
            .Fit(new FakePipeline(_context).View(6), new FakePipeline(_context) { FrameCount = 5 }.View(4));
        Assert.Equal(8, model.Training!.ZeroShot!.Queries);
        Assert.Equal((8, 2), (sourced.Training!.ZeroShot!.Queries, sourced.FrameCount));
        if (count == 2) Assert.Equal(same.Training!.ZeroShot, model.Training.ZeroShot);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Fit_ValidationPoolThatDoesNotDivide_NamesBothCounts(int count)
    {
        var message = Assert.Throws<ArgumentException>(() => FitPools(training: 2, validation: count)).Message;
        Assert.Contains($"of the validation data holds {count} frames", message);
        Assert.Contains("FrameCount, which is 2", message);
    }

    private MultiCaptionRetrievalTransformer FitPools(int training, int validation)
    {
        IDataView Pool(int count) => new FakePipeline(_context) { FrameCount = count, HasSource = false }.View(4);
        return _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, new() { Epochs = 1, BatchSize = 4 }).Fit(Pool(training), Pool(validation));
    }

    [Fact]
    public void Fit_GivenQueries_HoldOutTheirVideosAndAskThemAlone()
    {
        var pipeline = new FakePipeline(_context);
        pipeline.Captions["v4"] = ["", ""];         // what is asked for needs no caption
        var options = new MultiCaptionRetrievalOptions
        {
            Epochs = 2,
            BatchSize = 4,
            Validation = { Queries = [new("v2", ["what is it"]), new("v4", ["where is it"]), new("./v4", ["and when"]), new("elsewhere", ["no"])] },
        };
        using var model = _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, options).Fit(pipeline.View(8));

        Assert.Equal((3, 6, 2, true), (model.Training!.FineTuned!.Queries, model.Training.Videos, model.Training.HeldOut, model.Training.AsksGivenQueries));
        Assert.DoesNotContain(pipeline.Videos.Calls, call => call.Epoch >= 0 && call.VideoId is ("v2" or "v4"));
        Assert.Empty(model.SkippedVideos);
        Assert.Contains(_log, line => line.Contains("R@1 by the given queries", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_GivenQueriesOfNoVideo_SaysHowVideosAreNamed()
    {
        void Elsewhere(MultiCaptionRetrievalOptions options) => options.Validation.Queries = [new("elsewhere", ["a"])];
        Assert.Contains("0 of 12 videos", Assert.Throws<ArgumentException>(() => Fit(Elsewhere)).Message);
        Assert.Contains("'elsewhere'", Assert.Throws<ArgumentException>(() => Fit(Elsewhere, validation: 3)).Message);
        Assert.Contains("Validation.Queries", Assert.Throws<ArgumentException>(() => Fit(options => options.Validation.Queries = [])).Message);
    }

    [Fact]
    public void Fit_CheckpointsOfAnotherValidationSet_Refused()
    {
        void Kept(MultiCaptionRetrievalOptions options) => (options.Epochs, options.Checkpoints.Folder) = (2, _folder);
        using (Fit(Kept, validation: 5)) { }
        foreach (var validation in new[] { 4, 0 })
            Assert.Contains("another validation set", Assert.Throws<InvalidOperationException>(() => Fit(Kept, validation: validation)).Message);
        Assert.Contains("options differ", Assert.Throws<InvalidOperationException>(() => Fit(options =>
        {
            Kept(options);
            options.Validation.KeepBest = false;
        }, validation: 5)).Message);
        using (Fit(Kept, validation: 5)) { }
    }

    [Fact]
    public void Fit_BestWeights_SayTheirStepAndAreRefusedWhereItIsAnother()
    {
        void Kept(MultiCaptionRetrievalOptions options) =>
            (options.Epochs, options.LearningRate, options.Validation.Fraction, options.Checkpoints.Folder, options.Checkpoints.Keep) = (3, 1e-7, 0.3, _folder, 9);
        var path = Path.Combine(_folder, "best.safetensors");
        int? best;
        using (var model = Fit(Kept)) best = model.Training!.BestStep;
        using (var file = new Models.Checkpoints.SafetensorsFile(path)) Assert.Equal(best, (int)BitConverter.ToInt64(file.Bytes("training.step")));

        // As if the run had ended between the checkpoint of the best step and the file: it is written again of the checkpoint.
        foreach (var later in Directory.GetDirectories(_folder, "step-*").Where(folder => int.Parse(Path.GetFileName(folder)["step-".Length..], CultureInfo.InvariantCulture) > best))
            Directory.Delete(later, recursive: true);
        File.Delete(path);
        using (var again = Fit(Kept)) Assert.Equal(best, again.Training!.BestStep);

        var bytes = File.ReadAllBytes(path);
        using (var file = new Models.Checkpoints.SafetensorsFile(path)) BitConverter.GetBytes(99L).CopyTo(bytes, file.Entry("training.step").Offset);
        File.WriteAllBytes(path, bytes);
        var e = Assert.Throws<Models.ModelFileException>(() => Fit(Kept));
        Assert.Contains("step 99", e.Message);
        Assert.Contains($"step {best}", e.Message);
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
        using (var curves = new LearningCurves(_folder, done: 0, asksGivenQueries: false))
            for (var step = 1; step <= 5; step++) curves.Add(Step(step), null);
        using (var curves = new LearningCurves(_folder, done: 3, asksGivenQueries: false)) curves.Add(Step(4) with { Loss = 9 }, null);
        Assert.Equal(["1", "2", "3", "4"], File.ReadAllLines(Path.Combine(_folder, "training.csv")).Skip(1).Select(line => line.Split(',')[0]));
        using (new LearningCurves(_folder, done: 0, asksGivenQueries: false)) { }
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
