using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Tests.Captioning;
using VideoCaptionRetrieval.Tests.Video;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Retrieval;

namespace VideoCaptionRetrieval.Tests;

/// <summary>The chain from video files to embeddings: sampler, captioner, filter and trainer together.</summary>
public sealed class ChainTests : IClassFixture<ChainTests.Clips>, IDisposable
{
    private const int M = 3;
    private const int CaptionerSize = 8;

    private readonly Clips _clips;
    private readonly MLContext _context = new(seed: 1);
    private readonly CountingCaptioner _captioner = new("counting", CaptionerSize);
    private readonly List<string> _cached = [];

    public ChainTests(Clips clips) => _clips = clips;

    public void Dispose()
    {
        foreach (var folder in _cached.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }

    private IDataView Videos => _context.Data.LoadFromVideoFolder(_clips.Videos);

    // Every stage stays in scope when the model is used (ML.NET's default), so that laziness alone keeps captioners still.
    private EstimatorChain<MultiCaptionRetrievalTransformer> Chain(Captioner captioner, FrameColumn captioned, int epochs = 1) =>
        _context.Transforms.SampleFrames("VideoPath", FrameColumn.For("Frames", _clips.Clip, count: M), captioned)
            .Append(_context.Transforms.CaptionFrames("Captions", captioners: captioner))
            .Append(_context.Transforms.FilterCaptionsByClipScore("Captions", "Frames", _clips.Clip, keepPerCaptioner: 2))
            .Append(_context.VideoRetrieval.Trainers.MultiCaption(_clips.Clip, new() { Epochs = epochs, BatchSize = 2, LearningRate = 1e-3 }));

    private TransformerChain<MultiCaptionRetrievalTransformer> FitCounting(int epochs = 1)
    {
        InstalledFfmpeg.SkipWhereAbsent();
        var captioner = Captioner.Custom("counting", "LargeFrames", () => _captioner);
        return Chain(captioner, new("LargeFrames", new FrameFormat(CaptionerSize), M), epochs).Fit(Videos);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fit_AnyNumberOfEpochs_EveryFrameIsCaptionedOnce(int epochs)
    {
        FitCounting(epochs).Dispose();
        Assert.Equal(Clips.Count * M, _captioner.Images);
        Assert.True(_captioner.Disposed);
    }

    [SkippableFact]
    public void Transform_EmbeddingAlone_NoCaptionerRuns()
    {
        using var model = FitCounting();
        _captioner.Calls.Clear();

        var embeddings = model.Transform(Videos).GetColumn<float[]>("Embedding").ToList();
        using var engine = _context.Model.CreatePredictionEngine<PathRow, EmbeddingRow>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var single = Videos.GetColumn<string>("VideoPath").Select(path => engine.Predict(new() { VideoPath = path }).Embedding).ToList();

        Assert.Empty(_captioner.Calls);
        Assert.Equal(Clips.Count, embeddings.Count);
        Assert.All(embeddings.Zip(single), pair => Assert.Equal(pair.First, pair.Second, (a, b) => Math.Abs(a - b) < 1e-5));
        Assert.Equal(Clips.Count, embeddings.Select(values => values[0]).Distinct().Count());
        Assert.Equal(Clips.Count, model.Transform(Videos).GetColumn<string[]>("Captions").Count());
        Assert.Equal(Clips.Count * M, _captioner.Images);       // the count does count
    }

    [SkippableFact]
    public void Fit_TwiceWithOneSeed_SameWeightsToTheBit()
    {
        using var first = FitCounting(epochs: 2);
        using var second = FitCounting(epochs: 2);
        var weights = TrainedWeights.Of(first.LastTransformer);
        Assert.Equal(weights, TrainedWeights.Of(second.LastTransformer));
        var untrained = TrainedWeights.Of(_clips.Clip);
        Assert.Equal(untrained.Keys.Order(), weights.Keys.Order());
        Assert.NotEqual(untrained, weights);
    }

    [SkippableFact]
    public void Load_WholeChainInAnotherProcess_SameEmbeddingsToTheBit()
    {
        using var model = FitCounting();
        var zip = Path.Combine(_clips.Folder, "model.zip");
        _context.Model.Save(model, Videos.Schema, zip);
        _cached.Add(Path.Combine(UserCache.Folder, "models", model.LastTransformer.Identity));

        var embeddings = model.Transform(Videos).GetColumn<float[]>("Embedding").ToList();
        var output = TestProgram.Run("ModelHost", [zip, "Embedding", .. Videos.GetColumn<string>("VideoPath")]);

        Assert.Equal("library loaded before: False", output[0]);
        Assert.Equal("libtorch loaded: False", output[^1]);
        Assert.DoesNotContain(Directory.GetFiles(TestProgram.Folder("ModelHost")), file => Path.GetFileName(file).Contains("torch_cpu"));
        Assert.Equal(embeddings.Select(values => $"view {Convert.ToHexString(MemoryMarshal.AsBytes(values.AsSpan()))}"), output.Skip(1).Take(Clips.Count));
        for (var i = 0; i < Clips.Count; i++)
        {
            // Another batch size: equal but for rounding.
            var alone = MemoryMarshal.Cast<byte, float>(Convert.FromHexString(output[1 + Clips.Count + i]["engine ".Length..])).ToArray();
            Assert.Equal(embeddings[i], alone, (a, b) => Math.Abs(a - b) < 1e-5);
        }
    }

    [SkippableFact]
    public void Transform_AgainAndAgain_NoTensorIsLeft()
    {
        InstalledFfmpeg.SkipWhereAbsent();
        using var model = Chain(Captioner.Blip(_clips.Blip, "LargeFrames"), FrameColumn.For("LargeFrames", _clips.Blip, count: M)).Fit(Videos);
        void ReadAll()
        {
            var view = model.Transform(Videos);
            Assert.Equal(Clips.Count, view.GetColumn<float[]>("Embedding").Count());
            Assert.Equal(Clips.Count, view.GetColumn<string[]>("Captions").Count());
        }
        ReadAll();      // opens the networks
        DisposeScopeManager.Statistics.Reset();
        for (var i = 0; i < 2; i++) ReadAll();
        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.True(DisposeScopeManager.Statistics.CreatedInScopeCount > 0);
    }

    private sealed class PathRow
    {
        public string VideoPath { get; set; } = "";
    }

    private sealed class EmbeddingRow
    {
        public float[] Embedding { get; set; } = [];
    }

    /// <summary>Three clips and two checkpoints for all tests of the class.</summary>
    public sealed class Clips : IDisposable
    {
        internal const int Count = 3;

        public Clips()
        {
            SmallModels.WriteClip(Clip, seed: 1);
            SmallModels.WriteBlip(Blip, seed: 2);
            if (!InstalledFfmpeg.Present) return;
            Directory.CreateDirectory(Videos);
            foreach (var source in new[] { "testsrc", "smptebars", "rgbtestsrc" })
                InstalledFfmpeg.MakeClip(Path.Combine(Videos, source + ".mp4"), source);
        }

        internal string Folder { get; } = Directory.CreateTempSubdirectory("vcr-chain-").FullName;

        internal string Videos => Path.Combine(Folder, "videos");

        internal string Clip => Path.Combine(Folder, "clip");

        internal string Blip => Path.Combine(Folder, "blip");

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
