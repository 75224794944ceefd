using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.TestSupport.Retrieval;
using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.Training.Optimization;

namespace VideoCaptionRetrieval.Torch.Tests.Training;

/// <summary>A BLIP where a CLIP could be: training, saving, inference.</summary>
public sealed class BlipRetrievalTests : IDisposable
{
    private const int D = SmallModels.Dimension;

    /// <summary>Words that the small vocabulary has.</summary>
    private static readonly string[] Colours = ["red", "green", "blue", "yellow", "orange", "purple"];

    private readonly string _root = Directory.CreateTempSubdirectory("vcr-blip-").FullName;
    private readonly MLContext _context = new(seed: 1);
    private readonly List<TrainingProgress> _progress = [];
    private readonly List<string> _cached = [];

    public BlipRetrievalTests() => SmallModels.WriteBlipRetrieval(Folder, seed: 5);

    private string Folder => Path.Combine(_root, "blip");

    public void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        foreach (var folder in _cached.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_SeparableVideos_LossFallsAndWeightsMove(bool matching)
    {
        using var frozen = _context.VideoRetrieval.FromCheckpoint(Folder, frameCount: 2);
        using var model = Fit(options => (options.Epochs, options.Objective.ImageTextMatching) = (25, matching));

        Assert.True(_progress[^1].Loss < _progress[0].Loss / 2, Invariant($"the loss went from {_progress[0].Loss} to {_progress[^1].Loss}"));
        var (before, after) = (frozen.EmbedText("a red box"), model.EmbedText("a red box"));
        Assert.NotEqual(before, after);
        Assert.Equal(1, TensorPrimitives.Norm<float>(after), 1e-5f);
        var (head, moved) = (Weight(Folder, "itm_head.weight"), Weight(model.CheckpointFolder, "itm_head.weight"));
        Assert.Equal(matching, !head.SequenceEqual(moved));
    }

    [Theory]
    [InlineData(true, false, 0, 0)]
    [InlineData(false, true, 0, 0)]
    [InlineData(false, false, 1, 1)]
    public void Fit_FrozenParts_KeepTheirWeightsAndOthersChange(bool vision, bool text, int visionLayers, int textLayers)
    {
        using var model = Fit(options => (options.Objective.ImageTextMatching, options.Freeze.Vision, options.Freeze.Text, options.Freeze.VisionLayers, options.Freeze.TextLayers)
            = (true, vision, text, visionLayers, textLayers));

        bool Frozen(string name) => name.StartsWith("vision_", StringComparison.Ordinal)
            ? vision || (visionLayers > 0 && (name.Contains(".embeddings.", StringComparison.Ordinal) || name.Contains(".layers.0.", StringComparison.Ordinal)))
            : text || (textLayers > 0 && (name.Contains(".embeddings.", StringComparison.Ordinal) || name.Contains(".layer.0.", StringComparison.Ordinal)));
        var (before, after) = (TrainedWeights.Of(Folder), TrainedWeights.Of(model));
        Assert.Contains(after.Keys, Frozen);
        Assert.All(after.Where(named => Frozen(named.Key)), named => Assert.Equal(before[named.Key], named.Value));
        // A key's bias adds the same to all logits of a softmax: its gradient is rounding alone.
        Assert.All(after.Where(named => !Frozen(named.Key) && !named.Key.EndsWith("key.bias", StringComparison.Ordinal)),
            named => Assert.NotEqual(before[named.Key], named.Value));
    }

    [Fact]
    public void ParameterGroups_OfBlip_RatesByPartAndNoDecayOfNormsAndBiases()
    {
        using var model = BlipRetrievalModel.Create(BlipConfig.Read(Folder), seed: 1);
        var names = model.named_parameters().ToDictionary(named => named.parameter.Handle, named => named.name);

        var groups = ParameterGroups.Create(model, towers: 1, projections: 2, scale: 3, weightDecay: 0.1)
            .SelectMany(group => group.Parameters.Select(parameter => (Name: names[parameter.Handle], group.LearningRate, group.WeightDecay)))
            .ToDictionary(one => one.Name, one => (one.LearningRate, one.WeightDecay));

        Assert.Equal(names.Count, groups.Count);
        Assert.Equal((3, 0), groups["logit_scale"]);
        Assert.All(["vision_proj.weight", "text_proj.weight", "itm_head.weight"], name => Assert.Equal((2, 0.1), groups[name]));
        Assert.Equal((1, 0.1), groups["text_encoder.encoder.layer.1.crossattention.self.key.weight"]);
        Assert.All(groups.Where(one => one.Key.Contains("orm", StringComparison.Ordinal) || one.Key.EndsWith(".bias", StringComparison.Ordinal)),
            one => Assert.Equal(0, one.Value.WeightDecay));
    }

    [Fact]
    public void Fit_SameSeed_SameWeightsToTheBit()
    {
        void Matching(MultiCaptionRetrievalOptions options) => (options.Objective.ImageTextMatching, options.ChunkSize) = (true, 4);
        using var first = Fit(Matching);
        using var second = Fit(Matching);
        using var other = Fit(options => (options.Objective.ImageTextMatching, options.ChunkSize, options.Seed) = (true, 4, 2));

        var (a, b, c) = (TrainedWeights.Of(first), TrainedWeights.Of(second), TrainedWeights.Of(other));
        Assert.All(a, named => Assert.Equal(named.Value, b[named.Key]));
        Assert.Contains(a, named => !named.Value.SequenceEqual(c[named.Key]));
    }

    [Fact]
    public void Fit_EndedAndGoneOn_SameWeightsAsUnbroken()
    {
        void Options(MultiCaptionRetrievalOptions options) =>
            (options.Epochs, options.Objective.ImageTextMatching, options.Checkpoints.Folder, options.Checkpoints.EverySteps)
                = (2, true, Path.Combine(_root, "steps"), 1);
        using var whole = Fit(options => (options.Epochs, options.Objective.ImageTextMatching) = (2, true));
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit(options =>
        {
            Options(options);
            options.CancellationToken = source.Token;
            options.Progress = new Cancelling(source, afterStep: 2);
        }));

        using var resumed = Fit(Options);

        Assert.Equal(TrainedWeights.Of(whole), TrainedWeights.Of(resumed));
    }

    [Fact]
    public void SaveLoad_TrainedModel_SameEmbeddingsAndCheckpointAgain()
    {
        var input = new FakePipeline(_context).View(4);
        using var model = Fit();
        var zip = Path.Combine(_root, "model.zip");
        _context.Model.Save(model, input.Schema, zip);

        using var loaded = (MultiCaptionRetrievalTransformer)new MLContext().Model.Load(zip, out _);

        _cached.Add(loaded.CheckpointFolder);
        Assert.Equal((D, 2), (loaded.Dimension, loaded.FrameCount));
        Assert.Equal(Column(model.Transform(input), "Embedding"), Column(loaded.Transform(input), "Embedding"));
        Assert.Equal(Column(model.Transform(input), "FrameEmbeddings"), Column(loaded.Transform(input), "FrameEmbeddings"));
        Assert.Equal(model.EmbedText("a dog"), loaded.EmbedText("a dog"));
        Assert.Equal(model.Identity, loaded.Identity);
        Assert.Equal(["config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt"],
            Directory.GetFiles(loaded.CheckpointFolder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var export = Path.Combine(_root, "export");
        loaded.ExportCheckpoint(export);
        Assert.Equal(TrainedWeights.Of(loaded), TrainedWeights.Of(export));
        Assert.Contains("no ONNX graphs", Assert.Throws<ModelFileException>(() => loaded.ExportOnnx(Path.Combine(_root, "onnx"))).Message);
        using var further = _context.VideoRetrieval.Trainers.MultiCaption(loaded.CheckpointFolder, new() { Epochs = 1, Objective = { ImageTextMatching = true } }).Fit(input);
        Assert.Equal(D, further.Dimension);
    }

    [Fact]
    public void FromCheckpoint_OtherImageSize_TakesFramesOfIt()
    {
        const int Larger = SmallModels.ImageSize + 32;
        using var model = _context.VideoRetrieval.FromCheckpoint(Folder, frameCount: 2, imageSize: Larger);

        var output = model.Transform(new FakePipeline(_context) { FrameSize = Larger }.View(2));

        Assert.All(Column(output, "Embedding"), row => Assert.Equal(1, TensorPrimitives.Norm<float>(row), 1e-5f));
        Assert.Equal(FrameFit.Stretch, CheckpointFormats.ReadPreprocessing(Folder).Format.Fit);
    }

    [Fact]
    public void Inference_Quantised_SaysWhy()
    {
        using var model = _context.VideoRetrieval.FromCheckpoint(Folder);
        model.Inference = new() { Precision = InferencePrecision.Quantised };
        Assert.Contains("libtorch", Assert.Throws<InvalidOperationException>(() => model.EmbedText("a dog")).Message);
    }

    [Fact]
    public void Fit_MatchingWithClip_SaysWhatIsExpected()
    {
        using var clip = new TemporaryCheckpoint();
        var trainer = _context.VideoRetrieval.Trainers.MultiCaption(clip.Folder, new() { Objective = { ImageTextMatching = true } });
        Assert.Contains("expected a BLIP", Assert.Throws<ArgumentException>(() => trainer.Fit(new FakePipeline(_context).View(3))).Message);
    }

    [Fact]
    public void MultiCaption_MatchingInFloat16_Refused() => Assert.Contains("ImageTextMatching is true", Assert.Throws<ArgumentException>(() =>
        _context.VideoRetrieval.Trainers.MultiCaption(Folder, new() { Precision = TrainingPrecision.Half, Objective = { ImageTextMatching = true } })).Message);

    private MultiCaptionRetrievalTransformer Fit(Action<MultiCaptionRetrievalOptions>? change = null)
    {
        var options = new MultiCaptionRetrievalOptions { Epochs = 2, BatchSize = 3, LearningRate = 1e-3, Progress = new Collecting(_progress) };
        change?.Invoke(options);
        var pipeline = new FakePipeline(_context);
        for (var i = 0; i < Colours.Length; i++) pipeline.Captions[$"v{i}"] = [$"a {Colours[i]} box", $"the {Colours[i]} picture"];
        return _context.VideoRetrieval.Trainers.MultiCaption(Folder, options).Fit(pipeline.View(Colours.Length));
    }

    private static float[][] Column(IDataView view, string name) => [.. view.GetColumn<float[]>(name)];

    private static float[] Weight(string folder, string name)
    {
        using var file = new Models.Checkpoints.SafetensorsFile(Path.Combine(folder, "model.safetensors"));
        return file.ReadFloats(name);
    }

    private sealed class Collecting(List<TrainingProgress> reports) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => reports.Add(value);
    }

    private sealed class Cancelling(CancellationTokenSource source, int afterStep) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == afterStep) source.Cancel();
        }
    }
}
