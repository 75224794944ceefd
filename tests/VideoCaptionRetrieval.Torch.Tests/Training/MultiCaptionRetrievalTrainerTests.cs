using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.TestSupport.Retrieval;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

public sealed class MultiCaptionRetrievalTrainerTests : IDisposable
{
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly MLContext _context = new(seed: 1);
    private readonly List<TrainingProgress> _progress = [];

    public void Dispose() => _checkpoint.Dispose();

    private MultiCaptionRetrievalTrainer Trainer(Action<MultiCaptionRetrievalOptions>? change = null)
    {
        var options = new MultiCaptionRetrievalOptions { Epochs = 2, BatchSize = 3, LearningRate = 2e-3, Progress = new Collecting(_progress) };
        change?.Invoke(options);
        return _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, options);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fit_AnyNumberOfEpochs_CaptionsReadOnceAndFrameColumnNever(int epochs)
    {
        var pipeline = new FakePipeline(_context);

        using var model = Trainer(options => options.Epochs = epochs).Fit(pipeline.View(7));

        Assert.Equal(7, pipeline.CaptionRows);
        Assert.Equal(0, pipeline.FrameRows);
        Assert.Equal(epochs, pipeline.Videos.Calls.Select(call => call.Epoch).Distinct().Count());
        // 7 videos in batches of 3: the one that is left alone waits for the next epoch.
        Assert.Equal(6 * epochs, pipeline.Videos.Calls.Count);
        Assert.Equal(Enumerable.Range(1, 2 * epochs), _progress.Select(progress => progress.Step));
    }

    [Fact]
    public void Fit_SameSeed_SameWeightsToTheBit()
    {
        using var first = Trainer().Fit(new FakePipeline(_context).View(5));
        using var second = Trainer().Fit(new FakePipeline(_context).View(5));
        using var other = Trainer(options => options.Seed = 2).Fit(new FakePipeline(_context).View(5));

        var (a, b, c) = (TrainedWeights.Of(first), TrainedWeights.Of(second), TrainedWeights.Of(other));
        Assert.All(a, named => Assert.Equal(named.Value, b[named.Key]));
        Assert.Contains(a, named => !named.Value.SequenceEqual(c[named.Key]));
    }

    [Fact]
    public void Fit_SeparableVideos_LossFalls()
    {
        using var model = Trainer(options => (options.Epochs, options.BatchSize, options.LearningRate) = (25, 4, 2e-4)).Fit(new FakePipeline(_context).View(4));

        Assert.True(_progress[^1].Loss < _progress[0].Loss / 2, Invariant($"the loss went from {_progress[0].Loss} to {_progress[^1].Loss}"));
        Assert.Equal(2e-4, _progress[0].LearningRate);
        Assert.True(_progress[^1].LearningRate > 0);
        Assert.All(_progress, progress => Assert.Equal(25, progress.Steps));
    }

    [Fact]
    public void Fit_ChunksOfAnySize_SameModel()
    {
        var lossOf = new List<double>();
        foreach (var chunk in new[] { 1, 4, 1000 })
        {
            _progress.Clear();
            using var model = Trainer(options => options.ChunkSize = chunk).Fit(new FakePipeline(_context).View(6));
            lossOf.Add(_progress[^1].Loss);
        }

        Assert.Equal(lossOf[0], lossOf[1], 1e-4);
        Assert.Equal(lossOf[0], lossOf[2], 1e-4);
    }

    [Fact]
    public void Fit_ChunkNotGiven_ChosenAndTold()
    {
        using var chosen = Trainer().Fit(new FakePipeline(_context).View(4));
        using var given = Trainer(options => options.ChunkSize = 3).Fit(new FakePipeline(_context).View(4));
        Assert.Equal((32, 3), (chosen.Training!.ChunkSize, given.Training!.ChunkSize));
    }

    [Fact]
    public void Fit_CheckpointsOfAChosenChunk_GoOnWithIt()
    {
        var folder = Directory.CreateTempSubdirectory("vcr-chunk-").FullName;
        void Resumable(MultiCaptionRetrievalOptions options) => (options.Checkpoints.Folder, options.Epochs) = (folder, 2);
        using (Trainer(Resumable).Fit(new FakePipeline(_context).View(4))) { }
        foreach (var state in Directory.GetFiles(folder, "state.json", SearchOption.AllDirectories))
            File.WriteAllText(state, File.ReadAllText(state).Replace("\"ChunkSize\": 32", "\"ChunkSize\": 2", StringComparison.Ordinal));
        using var again = Trainer(Resumable).Fit(new FakePipeline(_context).View(4));
        Assert.Equal(2, again.Training!.ChunkSize);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Fit_TwoDataSetsWithWeights_DrawsTheHeavierOneAndNeverTheOther()
    {
        var pipeline = new FakePipeline(_context);
        using var model = Trainer(options => options.Columns.SamplingWeight = "Weight").Fit(Weighted(pipeline, i => i < 3 ? 0 : 1.5f));
        Assert.Equal(["v3", "v4", "v5"], pipeline.Videos.Calls.Select(call => call.VideoId).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Fit_WeightThatIsNoNumber_NamesTheVideo()
    {
        var view = Weighted(new FakePipeline(_context), i => i == 1 ? float.NaN : 1);
        var e = Assert.Throws<InvalidDataException>(() => Trainer(options => options.Columns.SamplingWeight = "Weight").Fit(view));
        Assert.Contains("'v1'", e.Message);
    }

    [Theory]
    [InlineData("other.mp4", float.NaN, "'v1.mp4' and 'other.mp4'")]
    [InlineData("v1.mp4", 1.5f, "'v1.mp4' and 'v1.mp4' from 1.5 s to its end")]
    public void Fit_RowsOfOneNameAboutOtherFilesOrParts_NamesBoth(string path, float start, string named)
    {
        var rows = new[] { ("v0", "v0.mp4", float.NaN), ("v1", "v1.mp4", float.NaN), ("v1", "./v1.mp4", float.NaN), ("v1", path, start) };
        var view = new FakePipeline(_context).Transform(_context.Data.LoadFromEnumerable(
            rows.Select(row => new { VideoId = row.Item1, VideoPath = row.Item2, ClipStart = row.Item3 })));
        var message = Assert.Throws<InvalidDataException>(() => Trainer().Fit(view)).Message;
        Assert.Contains("Rows of the video 'v1' name", message);
        Assert.Contains(named, message);
    }

    private IDataView Weighted(FakePipeline pipeline, Func<int, float> weight) => pipeline.Transform(_context.Data.LoadFromEnumerable(
        Enumerable.Range(0, 6).Select(i => new { VideoId = $"v{i}", VideoPath = $"v{i}.mp4", Weight = weight(i) })));

    [Fact]
    public void Fit_RowsThatCannotBeTrainedOn_LeftOutAndListed()
    {
        var pipeline = new FakePipeline(_context);
        pipeline.Errors["v1"] = "there is no video stream";
        pipeline.Captions["v3"] = ["", " "];
        pipeline.Captions["v2"] = ["", "only one"];
        var log = new List<string>();
        _context.Log += (_, line) => log.Add(line.Message);

        using var model = Trainer().Fit(pipeline.View(6));

        Assert.Equal([new SkippedVideo("v1", "there is no video stream"), new("v3", "it has no caption")], model.SkippedVideos);
        Assert.DoesNotContain(pipeline.Videos.Calls, call => call.VideoId is "v1" or "v3");
        Assert.Equal(5, pipeline.CaptionRows);      // no captioner runs on a row with an error
        Assert.Contains(log, line => line.Contains("'v3'", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("step 1 of", StringComparison.Ordinal));
    }

    [Fact]
    public void Fit_VideoTurnsUnreadableAndErrorsAreReported_LeftOutAndListed()
    {
        var pipeline = new FakePipeline(_context) { OnError = FrameErrorHandling.Report };
        pipeline.Videos.Unreadable.Add("v2");

        using var model = Trainer().Fit(pipeline.View(6));

        var skipped = Assert.Single(model.SkippedVideos);
        Assert.Equal("v2", skipped.VideoId);
        Assert.Contains("it is damaged", skipped.Reason);
        Assert.Equal(4, _progress.Count);
    }

    [Fact]
    public void Fit_VideoTurnsUnreadable_Throws()
    {
        var pipeline = new FakePipeline(_context);
        pipeline.Videos.Unreadable.Add("v2");
        Assert.Throws<VideoReadException>(() => Trainer().Fit(pipeline.View(6)));
    }

    [Fact]
    public void Fit_AllVideosTurnUnreadable_SaysSo()
    {
        var pipeline = new FakePipeline(_context) { OnError = FrameErrorHandling.Report };
        for (var i = 0; i < 4; i++) pipeline.Videos.Unreadable.Add($"v{i}");
        var e = Assert.Throws<InvalidOperationException>(() => Trainer().Fit(pipeline.View(4)));
        Assert.Contains("it is damaged", e.Message);
    }

    [Fact]
    public void Fit_FewerThanTwoVideos_SaysSo()
    {
        var pipeline = new FakePipeline(_context);
        pipeline.Captions["v1"] = ["", ""];
        var e = Assert.Throws<ArgumentException>(() => Trainer().Fit(pipeline.View(2)));
        Assert.Contains("There are 1 videos", e.Message);
        Assert.Contains("at least 2", e.Message);
    }

    [Fact]
    public void Fit_FramesOfAnotherSize_NamesColumnAndCheckpointBeforeAnyCaption()
    {
        var pipeline = new FakePipeline(_context) { FrameSize = 8 };
        var e = Assert.Throws<ArgumentException>(() => Trainer().Fit(pipeline.View(4)));
        Assert.Contains("'Frames'", e.Message);
        Assert.Contains(_checkpoint.Folder, e.Message);
        Assert.Equal(0, pipeline.CaptionRows);
    }

    [Fact]
    public void Fit_DamagedWeights_RefusedBeforeTheFirstStep()
    {
        _checkpoint.Fill("visual_projection.weight", float.NaN);
        var e = Assert.Throws<ModelFileException>(() => Trainer().Fit(new FakePipeline(_context).View(4)));
        Assert.Contains("'visual_projection.weight' holds 'NaN'", e.Message);
        Assert.Empty(_progress);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Fit_LastStepBreaksTheWeights_IsAnErrorAndNothingIsStored(int steps)
    {
        _checkpoint.Fill("visual_projection.weight", 2);
        var folder = Path.Combine(_checkpoint.Folder, "..", "run");
        var e = Assert.Throws<InvalidOperationException>(() => Trainer(options =>
        {
            // Warm-up begins at the rate 0, so that the last step alone moves the weights, by its decay beyond what a float holds.
            (options.Steps, options.BatchSize, options.LearningRate, options.Optimization.WeightDecay) = (steps, 64, 3e37, 10);
            options.Optimization.LearningRateDecay = LearningRateDecay.Constant;
            options.Optimization.WarmupSteps = steps - 1;
            options.Checkpoints.Folder = folder;
        }).Fit(new FakePipeline(_context).View(4)));
        Assert.Contains("' is not finite after the update", e.Message);
        Assert.Contains($"at step {steps} of {steps}", e.Message);
        Assert.Contains("LearningRate", e.Message);
        // Every step ends an epoch: those before the last one are stored.
        Assert.Equal(steps - 1, Directory.Exists(folder) ? Directory.GetFiles(folder, "weights.safetensors", SearchOption.AllDirectories).Length : 0);
    }

    [Fact]
    public void Fit_CancelledInTheMiddle_Ends()
    {
        using var cancel = new CancellationTokenSource();
        var trainer = Trainer(options =>
        {
            options.Epochs = 1000;
            options.CancellationToken = cancel.Token;
            options.Progress = new Cancelling(cancel, afterSteps: 3);
        });
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Fit(new FakePipeline(_context).View(6)));
    }

    [Fact]
    public void Fit_FramesWithoutSource_DrawnFromTheColumn()
    {
        var pipeline = new FakePipeline(_context) { HasSource = false, FrameCount = 6 };

        using var model = Trainer(options => options.FrameCount = 2).Fit(pipeline.View(5));

        Assert.Equal(5, pipeline.FrameRows);
        Assert.Equal(5, pipeline.CaptionRows);
        Assert.Equal(2, model.FrameCount);
        var e = Assert.Throws<ArgumentException>(() => Trainer(options => options.FrameCount = 4).Fit(pipeline.View(5)));
        Assert.Contains("a multiple of FrameCount, which is 4", e.Message);
    }

    [Fact]
    public void Fit_CaptionsWeightedByScore_Trains()
    {
        var pipeline = new FakePipeline(_context);
        using var model = Trainer(options => options.Objective.CaptionWeighting = CaptionWeighting.Score).Fit(pipeline.View(4));
        Assert.All(_progress, progress => Assert.True(double.IsFinite(progress.Loss)));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(1 / 0.07, false)]
    [InlineData(1.0, false)]
    public void Fit_FixedLogitScale_CheckpointsScaleTrainsOrStays(double? scale, bool trains)
    {
        using var model = Trainer(options => options.Objective.FixedLogitScale = scale).Fit(new FakePipeline(_context).View(4));
        Assert.Equal(trains, TrainedWeights.LogScaleOf(model) != 2.6592f);
    }

    [Fact]
    public void Constructor_FaultyOptions_AllListed()
    {
        var e = Assert.Throws<ArgumentException>(() => Trainer(options =>
        {
            (options.Epochs, options.BatchSize, options.LearningRate, options.Objective.QueryScoringTemperature) = (0, 1, double.NaN, -1);
            (options.FrameCount, options.ChunkSize, options.Objective.FixedLogitScale) = (0, 0, 0);
            (options.Objective.Pooling, options.Columns.Captions) = ((FramePooling)9, "");
        }));
        string[] names =
        [
            "Epochs", "BatchSize", "LearningRate", "Objective.QueryScoringTemperature", "FrameCount", "ChunkSize", "Objective.FixedLogitScale",
            "Objective.Pooling", "Columns.Captions",
        ];
        Assert.All(names, name => Assert.Contains($"- {name} is", e.Message));
    }

    [Fact]
    public void GetOutputSchema_MissingCaptions_NamesThem()
    {
        var trainer = Trainer();
        var shape = ColumnShapes.Describe(new FakePipeline(_context).View(2).Schema);
        var output = trainer.GetOutputSchema(shape);
        Assert.True(ColumnShapes.TryFind(output, "Embedding", out var embedding) && embedding.ItemType.Equals(NumberDataViewType.Single));

        var without = new SchemaShape(shape.Where(column => column.Name != "Captions"));
        Assert.Contains("'Captions'", Assert.Throws<ArgumentException>(() => trainer.GetOutputSchema(without)).Message);
    }

    [Fact]
    public void Fit_MissingCheckpoint_NamesTheFolder()
    {
        var trainer = _context.VideoRetrieval.Trainers.MultiCaption("models/absent");
        Assert.Contains("models/absent", Assert.Throws<Models.ModelFileException>(() => trainer.Fit(new FakePipeline(_context).View(2))).Message);
    }

    private sealed class Collecting(List<TrainingProgress> reports) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => reports.Add(value);
    }

    private sealed class Cancelling(CancellationTokenSource source, int afterSteps) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            Assert.InRange(value.Step, 1, afterSteps);
            if (value.Step == afterSteps) source.Cancel();
        }
    }
}
