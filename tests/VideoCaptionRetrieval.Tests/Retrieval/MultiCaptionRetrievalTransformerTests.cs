using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.TestSupport.Retrieval;

namespace VideoCaptionRetrieval.Tests.Retrieval;

public sealed class MultiCaptionRetrievalTransformerTests : IDisposable
{
    private const int D = SmallModels.Dimension;
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly MLContext _context = new(seed: 1);
    private readonly List<string> _cached = [];

    public void Dispose()
    {
        _checkpoint.Dispose();
        foreach (var folder in _cached.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }

    private MultiCaptionRetrievalTransformer Frozen(int frameCount = 2) => _context.VideoRetrieval.FromCheckpoint(_checkpoint.Folder, frameCount: frameCount);

    private MultiCaptionRetrievalTransformer SavedAndLoaded(MultiCaptionRetrievalTransformer model, DataViewSchema schema)
    {
        _context.Model.Save(model, schema, _checkpoint.Zip);
        var loaded = (MultiCaptionRetrievalTransformer)new MLContext().Model.Load(_checkpoint.Zip, out _);
        _cached.Add(loaded.CheckpointFolder);
        return loaded;
    }

    private float[][] Column(IDataView view, string name) => [.. view.GetColumn<float[]>(name)];

    [Fact]
    public void Transform_Frames_EmbeddingIsTheUnitMeanOfFrameEmbeddings()
    {
        using var model = Frozen();
        var output = model.Transform(new FakePipeline(_context).View(5));

        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, D), output.Schema["Embedding"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2, D), output.Schema["FrameEmbeddings"].Type);
        var (embeddings, frames) = (Column(output, "Embedding"), Column(output, "FrameEmbeddings"));
        for (var row = 0; row < 5; row++)
        {
            var mean = Enumerable.Range(0, D).Select(d => (frames[row][d] + frames[row][D + d]) / 2.0).ToArray();
            var length = Math.Sqrt(mean.Sum(x => x * x));
            Assert.NotEqual(1, length, 0.01);
            for (var d = 0; d < D; d++) Assert.Equal(mean[d] / length, embeddings[row][d], 1e-6);
        }
    }

    [Fact]
    public void Transform_RowWithError_ZerosAndNoNetwork()
    {
        using var model = Frozen();
        var pipeline = new FakePipeline(_context);
        pipeline.Errors["v1"] = "there is no video stream";
        var clean = Column(model.Transform(new FakePipeline(_context).View(4)), "FrameEmbeddings");

        var output = model.Transform(pipeline.View(4));
        var (embeddings, frames) = (Column(output, "Embedding"), Column(output, "FrameEmbeddings"));

        Assert.All(embeddings[1], value => Assert.Equal(0, value));
        Assert.All(frames[1], value => Assert.Equal(0, value));
        foreach (var row in new[] { 0, 2, 3 })
            for (var i = 0; i < 2 * D; i++) Assert.Equal(clean[row][i], frames[row][i], 1e-5);

        using var idle = Frozen();
        pipeline.Errors["v0"] = "empty";
        File.Delete(Path.Combine(_checkpoint.Folder, "model.safetensors"));      // whoever opens the network now fails
        Assert.All(Column(idle.Transform(pipeline.View(2)), "Embedding"), row => Assert.All(row, value => Assert.Equal(0, value)));
    }

    [Fact]
    public void Transform_OtherColumnsOnly_NetworkStaysClosed()
    {
        using var model = Frozen();
        File.Delete(Path.Combine(_checkpoint.Folder, "model.safetensors"));
        var pipeline = new FakePipeline(_context);
        Assert.Equal(["v0", "v1"], model.Transform(pipeline.View(2)).GetColumn<string>("VideoId"));
        Assert.Equal(0, pipeline.FrameRows);
    }

    [Fact]
    public void GetDependencies_Embedding_FramesAndErrorAlone()
    {
        using var model = Frozen();
        var mapper = ((ITransformer)model).GetRowToRowMapper(new FakePipeline(_context).View(1).Schema);
        var needed = mapper.GetDependencies([mapper.OutputSchema["Embedding"]]).Select(column => column.Name);
        Assert.Equal(["FrameError", "Frames"], needed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Transform_Embedding_CaptionsNeverAskedFor()
    {
        using var model = Frozen();
        var pipeline = new FakePipeline(_context);
        Assert.Equal(3, Column(model.Transform(pipeline.View(3)), "Embedding").Length);
        Assert.Equal(0, pipeline.CaptionRows);
    }

    [Fact]
    public void Transform_PoolWithoutSource_MiddleOfEachSegment()
    {
        using var model = Frozen(frameCount: 2);
        var pool = new FakePipeline(_context) { HasSource = false, FrameCount = 6 };
        using var all = Frozen(frameCount: 6);

        var picked = Column(model.Transform(pool.View(1)), "FrameEmbeddings")[0];
        var every = Column(all.Transform(pool.View(1)), "FrameEmbeddings")[0];
        var sampled = Column(model.Transform(new FakePipeline(_context) { FrameCount = 6 }.View(1)), "FrameEmbeddings")[0];

        Assert.Equal(2 * D, picked.Length);
        for (var d = 0; d < D; d++)
        {
            Assert.Equal(every[D + d], picked[d], 1e-5);            // entry 0·3 + 1
            Assert.Equal(every[(4 * D) + d], picked[D + d], 1e-5);  // entry 1·3 + 1
        }
        Assert.Equal(6 * D, sampled.Length);    // a sampled column says itself how many frames are wanted
    }

    [Fact]
    public void SaveLoad_TrainedModel_SameEmbeddingsSettingsAndTexts()
    {
        var input = new FakePipeline(_context).View(4);
        var options = new MultiCaptionRetrievalOptions
        {
            Epochs = 2,
            LearningRate = 1e-3,
            Objective = { QueryScoringTemperature = 0.2, Pooling = FramePooling.Mean, NormaliseFrames = true },
        };
        using var model = _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, options).Fit(input);
        using var frozen = Frozen();

        using var loaded = SavedAndLoaded(model, input.Schema);

        Assert.Equal((0.2, FramePooling.Mean, 2, D), (loaded.Temperature, loaded.Pooling, loaded.FrameCount, loaded.Dimension));
        Assert.Equal(model.Scoring, loaded.Scoring);
        Assert.Equal(Column(model.Transform(input), "Embedding"), Column(loaded.Transform(input), "Embedding"));
        Assert.Equal(Column(model.Transform(input), "FrameEmbeddings"), Column(loaded.Transform(input), "FrameEmbeddings"));
        Assert.Equal(model.EmbedText("a dog"), loaded.EmbedText("a dog"));
        Assert.NotEqual(frozen.EmbedText("a dog"), loaded.EmbedText("a dog"));
        Assert.Equal(TrainedWeights.Of(model), TrainedWeights.Of(loaded));
        Assert.Equal(model.Identity, loaded.Identity);
        Assert.Empty(loaded.SkippedVideos);
    }

    [Fact]
    public void SaveLoad_SavedTwice_OneCheckpointAndEqualContent()
    {
        var schema = new FakePipeline(_context).View(1).Schema;
        using var model = Frozen();
        using var loaded = SavedAndLoaded(model, schema);

        using var again = SavedAndLoaded(loaded, schema);

        Assert.Equal(model.CheckpointFolder, again.CheckpointFolder);
        Assert.Equal(["config.json", "merges.txt", "model.safetensors", "preprocessor_config.json", "text_model.onnx", "vision_model.onnx", "vocab.json"],
            Directory.GetFiles(again.CheckpointFolder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var zip = System.IO.Compression.ZipFile.OpenRead(_checkpoint.Zip);
        Assert.Single(zip.Entries, entry => entry.Name == "model.safetensors");
    }

    [Fact]
    public void Fit_FromALoadedModelsCheckpoint_GoesOn()
    {
        using var loaded = SavedAndLoaded(Frozen(), new FakePipeline(_context).View(1).Schema);
        using var model = _context.VideoRetrieval.Trainers.MultiCaption(loaded.CheckpointFolder, new() { Epochs = 1 }).Fit(new FakePipeline(_context).View(3));
        Assert.Equal(D, model.Dimension);
    }

    [Fact]
    public void EmbedTexts_Several_UnitLengthAndTheSameAsOneByOne()
    {
        using var model = Frozen();
        var texts = new[] { "a dog", "a much longer text that goes beyond the context of the tiny network", "" };
        var vectors = model.EmbedTexts(texts);
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(1, vectors[i].Sum(x => (double)x * x), 1e-5);
            Assert.DoesNotContain(float.NaN, vectors[i]);
            var alone = model.EmbedText(texts[i]);
            for (var d = 0; d < D; d++) Assert.Equal(alone[d], vectors[i][d], 1e-5);
        }
        Assert.Empty(model.EmbedTexts([]));
    }

    [Fact]
    public void Transform_ManyThreads_SameAsOne()
    {
        using var model = Frozen();
        var input = new FakePipeline(_context).View(6);
        var expected = Column(model.Transform(input), "Embedding");
        Parallel.For(0, 8, _ => Assert.Equal(expected, Column(model.Transform(new FakePipeline(_context).View(6)), "Embedding")));
    }

    [Fact]
    public void Transform_FramesOfAnotherSize_NamesBoth()
    {
        using var model = Frozen();
        var e = Assert.Throws<ArgumentException>(() => model.Transform(new FakePipeline(_context) { FrameSize = 8 }.View(1)));
        Assert.Contains("8×8", e.Message);
        Assert.Contains(_checkpoint.Folder, e.Message);
    }

    [Fact]
    public void EmbedText_Disposed_SaysSo()
    {
        var model = Frozen();
        model.EmbedText("a dog");
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.EmbedText("a dog"));
    }

    [Fact]
    public void FromCheckpoint_MissingFolder_NamesIt() =>
        Assert.Contains("models/absent", Assert.Throws<Models.ModelFileException>(() => _context.VideoRetrieval.FromCheckpoint("models/absent")).Message);
}
