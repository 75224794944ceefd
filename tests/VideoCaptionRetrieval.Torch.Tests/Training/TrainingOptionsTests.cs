using System.Text.Json.Nodes;
using Microsoft.ML;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Retrieval;
using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

/// <summary>What the options of the trainer do.</summary>
[Trait("Category", ForeignCulture.Category)]
public sealed class TrainingOptionsTests : IDisposable
{
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly MLContext _context = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("vcr-options-").FullName;

    public void Dispose()
    {
        _checkpoint.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private MultiCaptionRetrievalTransformer Fit(Action<MultiCaptionRetrievalOptions> change, int videos = 6)
    {
        var options = new MultiCaptionRetrievalOptions { Epochs = 2, BatchSize = 3, LearningRate = 2e-3 };
        change(options);
        return _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, options).Fit(new FakePipeline(_context).View(videos));
    }

    [Theory]
    [InlineData(true, false, 0, 0, true)]
    [InlineData(false, true, 0, 0, true)]
    [InlineData(false, false, 1, 1, true)]
    [InlineData(false, false, 0, 0, false)]
    public void Fit_FrozenParts_KeepTheirWeightsAndOthersChange(bool vision, bool text, int visionLayers, int textLayers, bool scale)
    {
        using var model = Fit(options =>
        {
            (options.Freeze.Vision, options.Freeze.Text) = (vision, text);
            (options.Freeze.VisionLayers, options.Freeze.TextLayers, options.Freeze.LogitScale) = (visionLayers, textLayers, !scale);
        });
        var (before, after) = (TrainedWeights.Of(_checkpoint.Folder), TrainedWeights.Of(model));
        bool Frozen(string name) => name == "logit_scale"
            ? !scale
            : (vision && name.StartsWith("vis", StringComparison.Ordinal)) || (text && name.StartsWith("text", StringComparison.Ordinal))
                || (visionLayers > 0 && IsFirst(name, "vision_model.")) || (textLayers > 0 && IsFirst(name, "text_model."));
        static bool IsFirst(string name, string tower) => name.StartsWith(tower + "encoder.layers.0.", StringComparison.Ordinal)
            || name.StartsWith(tower + "embeddings.", StringComparison.Ordinal) || name.StartsWith(tower + "pre_layrnorm.", StringComparison.Ordinal);
        Assert.All(after.Where(named => Frozen(named.Key)), named => Assert.Equal(before[named.Key], named.Value));
        // Of the tables, only the rows in use change; key biases hardly do.
        Assert.All(after.Where(named => !Frozen(named.Key) && !named.Key.EndsWith("k_proj.bias", StringComparison.Ordinal)), named => Assert.NotEqual(before[named.Key], named.Value));
    }

    [Fact]
    public void Fit_Steps_InPlaceOfEpochs()
    {
        var progress = new List<TrainingProgress>();
        using var model = Fit(options => (options.Steps, options.Progress) = (5, new Collecting(progress)));
        Assert.Equal([1, 2, 3, 4, 5], progress.Select(step => step.Step));
        Assert.Equal([1, 1, 2, 2, 3], progress.Select(step => step.Epoch));
        Assert.All(progress, step => Assert.Equal(5, step.Steps));
        Assert.All(progress, step => Assert.True(step.DataWait <= step.Elapsed));
    }

    [Fact]
    public void Fit_Warmup_RatesRiseFromZero()
    {
        var progress = new List<TrainingProgress>();
        using var model = Fit(options => (options.Steps, options.Optimization.WarmupRatio, options.Optimization.LearningRateDecay, options.Progress) =
            (8, 0.5, LearningRateDecay.Constant, new Collecting(progress)));
        Assert.Equal([0, 5e-4, 1e-3, 1.5e-3, 2e-3, 2e-3, 2e-3, 2e-3], progress.Select(step => step.LearningRate), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Fit_GroupsOfTheirOwn_ChangeTheResult()
    {
        using var plain = Fit(_ => { });
        foreach (var change in new Action<MultiCaptionRetrievalOptions>[]
        {
            options => options.Optimization.ProjectionLearningRate = 1e-2, options => options.Optimization.LogitScaleLearningRate = 1e-2,
            options => options.Optimization.WeightDecay = 0.5,
            options => options.Optimization.MaxGradientNorm = 1e-3, options => options.Objective.CaptionSampling = CaptionSampling.OneRandom,
            options => options.Objective.CaptionSampling = CaptionSampling.Concatenate,
        })
        {
            using var other = Fit(change);
            Assert.NotEqual(TrainedWeights.Of(plain), TrainedWeights.Of(other));
        }
    }

    [Fact]
    public void SampleCaptions_OneRandom_AnotherInAnotherEpochAndTheSameAgain()
    {
        var item = new TrainingItem(new("v", "v.mp4"), ["a", "b", "c"], [1, 2, 3]);
        var drawn = Enumerable.Range(0, 40).Select(epoch => item.SampleCaptions(CaptionSampling.OneRandom, seed: 4, epoch)).ToList();
        Assert.Equal(["a", "b", "c"], drawn.Select(one => Assert.Single(one.Captions)).Distinct().Order());
        Assert.All(drawn, one => Assert.Equal("abc".IndexOf(one.Captions[0], StringComparison.Ordinal) + 1, Assert.Single(one.Scores!)));
        Assert.Equal(drawn[7].Captions, item.SampleCaptions(CaptionSampling.OneRandom, 4, 7).Captions);
        Assert.Equal(["a b c"], item.SampleCaptions(CaptionSampling.Concatenate, 4, 0).Captions);
        Assert.Same(item, item.SampleCaptions(CaptionSampling.All, 4, 0));
    }

    [Fact]
    public void Fit_CancelledAndContinued_SameWeightsAsUnbroken()
    {
        var folder = Path.Combine(_folder, "checkpoints");
        using var source = new CancellationTokenSource();
        void Options(MultiCaptionRetrievalOptions options) => (options.Epochs, options.Checkpoints.Folder, options.Checkpoints.EverySteps) = (4, folder, 1);
        Assert.ThrowsAny<OperationCanceledException>(() => Fit(options =>
        {
            Options(options);
            options.CancellationToken = source.Token;
            options.Progress = new Calling(step =>
            {
                if (step.Step == 3) source.Cancel();
            });
        }));
        var progress = new List<TrainingProgress>();
        using var continued = Fit(options =>
        {
            Options(options);
            options.Progress = new Collecting(progress);
        });
        using var whole = Fit(options => options.Epochs = 4);
        Assert.Equal(4, progress[0].Step);
        Assert.Equal(TrainedWeights.Of(whole), TrainedWeights.Of(continued));

        // A finished training is not done again.
        progress.Clear();
        using var finished = Fit(options =>
        {
            Options(options);
            options.Progress = new Collecting(progress);
        });
        Assert.Empty(progress);
        Assert.Equal(TrainedWeights.Of(whole), TrainedWeights.Of(finished));
    }

    [Fact]
    public void Fit_CheckpointsOfAnotherTraining_Refused()
    {
        void Options(MultiCaptionRetrievalOptions options) => options.Checkpoints.Folder = _folder;
        using (Fit(Options)) Assert.NotEmpty(Directory.GetDirectories(_folder));
        Assert.Contains(_folder, Assert.Throws<InvalidOperationException>(() => Fit(options =>
        {
            Options(options);
            options.LearningRate = 1e-3;
        })).Message);
        Assert.Throws<InvalidOperationException>(() => Fit(Options, videos: 7));
    }

    [Fact]
    public void Fit_CheckpointsOfAnEarlierVersion_RefusedAndSaysWhatToDo()
    {
        using (Fit(options => options.Checkpoints.Folder = _folder)) { }
        foreach (var state in Directory.GetFiles(_folder, "state.json", SearchOption.AllDirectories))
        {
            var json = JsonNode.Parse(File.ReadAllText(state))!;
            Assert.True(json.AsObject().Remove("Version"));         // the first builds wrote none
            File.WriteAllText(state, json.ToJsonString());
        }
        var message = Assert.Throws<InvalidOperationException>(() => Fit(options => options.Checkpoints.Folder = _folder)).Message;
        Assert.All([$"'{_folder}'", "an earlier version", "Checkpoints.Folder"], (string part) => Assert.Contains(part, message));
    }

    [Fact]
    public void Fit_OptionsChangedAfterwards_DoNotReachTheTrainer()
    {
        var options = new MultiCaptionRetrievalOptions { Epochs = 1, BatchSize = 3, Objective = { FixedLogitScale = 1 } };
        var trainer = _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, options);
        (options.Objective.FixedLogitScale, options.Columns.Captions, options.Epochs) = (null, "Absent", 9);
        using var model = trainer.Fit(new FakePipeline(_context).View(6));
        Assert.Equal((2, 2.6592f), (model.Training!.Steps, TrainedWeights.LogScaleOf(model)));
    }

    [Fact]
    public void Fit_DamagedCheckpoint_NamesTheFile()
    {
        using (Fit(options => options.Checkpoints.Folder = _folder)) { }
        var state = Path.Combine(Directory.GetDirectories(_folder).Order(StringComparer.Ordinal).Last(), "state.json");
        File.WriteAllText(state, "{");
        Assert.Equal(state, Assert.Throws<ModelFileException>(() => Fit(options => options.Checkpoints.Folder = _folder)).Path);
    }

    [Fact]
    public void MultiCaption_OptionsOutOfRange_ListsEveryOne()
    {
        var options = new MultiCaptionRetrievalOptions
        {
            Steps = 0,
            LogFolder = "",
            Precision = (TrainingPrecision)9,
            Optimization =
            {
                ProjectionLearningRate = 0,
                LogitScaleLearningRate = -1,
                LearningRateDecay = (LearningRateDecay)9,
                WarmupRatio = 2,
                WeightDecay = -1,
                MaxGradientNorm = 0,
            },
            Objective = { CaptionSampling = (CaptionSampling)9 },
            Freeze = { Vision = true, Text = true, VisionLayers = -1, TextLayers = -1 },
            Checkpoints = { Folder = "", EverySteps = 0, Keep = 0 },
            Validation = { Fraction = 1, EarlyStoppingPatience = 0 },
        };
        var message = Assert.Throws<ArgumentException>(() => _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, options)).Message;
        string[] names =
        [
            "Steps", "Optimization.ProjectionLearningRate", "Optimization.LogitScaleLearningRate", "Optimization.WarmupRatio", "Optimization.WeightDecay",
            "Optimization.MaxGradientNorm", "Freeze.Text", "Freeze.VisionLayers", "Freeze.TextLayers", "Checkpoints.Folder", "Checkpoints.EverySteps",
            "Checkpoints.Keep", "Validation.Fraction", "Validation.EarlyStoppingPatience", "LogFolder", "Objective.CaptionSampling",
            "Optimization.LearningRateDecay", "Precision",
        ];
        Assert.All(names, name => Assert.Contains($"- {name} is", message));
    }

    private sealed class Collecting(List<TrainingProgress> steps) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => steps.Add(value);
    }

    private sealed class Calling(Action<TrainingProgress> call) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => call(value);
    }
}
