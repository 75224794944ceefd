using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.TestSupport.Retrieval;

namespace VideoCaptionRetrieval.Tests.Retrieval;

/// <summary>How a retrieval transformer computes, and what can be made of its network.</summary>
public sealed class RetrievalInferenceTests : IDisposable
{
    private const int Larger = SmallModels.ImageSize + 32;
    private readonly TemporaryCheckpoint _checkpoint = new();
    private readonly MLContext _context = new(seed: 1);

    public void Dispose() => _checkpoint.Dispose();

    private MultiCaptionRetrievalTransformer Frozen(int? imageSize = null, string? checkpoint = null) =>
        _context.VideoRetrieval.FromCheckpoint(checkpoint ?? _checkpoint.Folder, frameCount: 2, imageSize: imageSize);

    [Fact]
    public void Inference_Quantised_NearlyTheSameDirection()
    {
        using var exact = Frozen();
        using var quantised = Frozen();
        quantised.Inference = new() { Precision = InferencePrecision.Quantised, Threads = 1 };
        var (expected, got) = (exact.EmbedText("a dog"), quantised.EmbedText("a dog"));
        Assert.NotEqual(expected, got);
        Assert.True(TensorPrimitives.CosineSimilarity<float>(expected, got) > 0.98f);
    }

    [Fact]
    public void Inference_AfterTheFirstEmbeddingOrOutOfRange_Refused()
    {
        using var model = Frozen();
        Assert.Contains("Threads is '-1'", Assert.Throws<ArgumentException>(() => model.Inference = new() { Threads = -1 }).Message);
        model.Inference = new() { Threads = 1 };
        model.EmbedText("a dog");
        Assert.Contains("open already", Assert.Throws<InvalidOperationException>(() => model.Inference = new()).Message);
        Assert.Equal(1, model.Inference.Threads);
    }

    [Fact]
    public void FilterCaptionsByClipScore_InferenceOutOfRange_Listed()
    {
        var options = new ClipScoreFilterOptions { CheckpointFolder = _checkpoint.Folder, Inference = new() { Threads = -2 } };
        Assert.Contains("Threads is '-2'", Assert.Throws<ArgumentException>(options.Validate).Message);
    }

    [Fact]
    public void FromCheckpoint_OtherImageSize_TakesFramesOfIt()
    {
        using var model = Frozen(Larger);
        using var own = Frozen();
        var frames = FrameColumn.For("Frames", _checkpoint.Folder, count: 2, imageSize: Larger);
        Assert.Equal((Larger, Larger), (model.FrameFormat.Size, frames.Format.Size));
        var output = model.Transform(new FakePipeline(_context) { FrameSize = Larger }.View(2));
        Assert.All(output.GetColumn<float[]>("Embedding"), row => Assert.Equal(1, TensorPrimitives.Norm<float>(row), 1e-5f));
        Assert.Equal(own.EmbedText("a dog"), model.EmbedText("a dog"));
        Assert.Throws<ArgumentException>(() => model.Transform(new FakePipeline(_context).View(1)));
    }

    [Fact]
    public void Fit_OtherImageSize_ModelKeepsIt()
    {
        var options = new MultiCaptionRetrievalOptions { Epochs = 1, ImageSize = Larger };
        var trainer = _context.VideoRetrieval.Trainers.MultiCaption(_checkpoint.Folder, options);
        using var model = trainer.Fit(new FakePipeline(_context) { FrameSize = Larger, HasSource = false }.View(3));
        Assert.Equal(Larger, model.FrameFormat.Size);
        Assert.Contains($"{Larger}", Assert.Throws<ArgumentException>(() => trainer.Fit(new FakePipeline(_context).View(3))).Message);
    }

    [Fact]
    public void Export_BothKinds_OpenAgainWithTheSameEmbeddings()
    {
        using var model = Frozen();
        var (weights, graphs) = (_checkpoint.Zip + "-weights", _checkpoint.Zip + "-graphs");
        model.ExportCheckpoint(weights);
        model.ExportOnnx(graphs);
        using var fromWeights = Frozen(checkpoint: weights);
        using var fromGraphs = Frozen(checkpoint: graphs);
        Assert.Equal(model.EmbedText("a dog"), fromWeights.EmbedText("a dog"));
        Assert.Equal(model.EmbedText("a dog"), fromGraphs.EmbedText("a dog"), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Throws<IOException>(() => model.ExportOnnx(weights));
        Assert.Contains("ONNX graphs alone", Assert.Throws<ModelFileException>(() => fromGraphs.ExportCheckpoint(weights + "-2")).Message);
    }
}
