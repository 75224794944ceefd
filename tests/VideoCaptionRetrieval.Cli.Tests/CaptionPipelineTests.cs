using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>The library's pipeline, which 'vcr fit' runs: its columns, its checks, and that it is nothing but its four estimators.</summary>
[Collection(ToolTests.Name)]
public sealed class CaptionPipelineTests(Assets assets)
{
    private const int Frames = 2;

    private readonly MLContext _context = new(seed: 1);

    private CaptionTrainingOptions Options(string checkpoint, params Captioner[] captioners) => new()
    {
        Checkpoint = checkpoint,
        FrameCount = Frames,
        Captioning = { Captioners = captioners },
        Training = { Epochs = 1, LearningRate = 1e-3, Seed = 3 },
    };

    [SkippableFact]
    public void CreatePipeline_AndTheSameEstimatorsByHand_TrainTheSameBits()
    {
        var videos = _context.Data.LoadFromVideoFolder(assets.Videos);
        using var model = _context.VideoRetrieval.CreatePipeline(Options(assets.Clip, Captioner.Blip(assets.Blip))).Fit(videos);

        using var byHand = _context.Transforms.SampleFrames(new FrameSamplerOptions
        {
            Columns = [FrameColumn.For("Frames", assets.Clip, Frames), FrameColumn.For("Stretched", assets.Blip, Frames)],
        })
            .Append(_context.Transforms.CaptionFrames("Captions", null, Captioner.Blip(assets.Blip, "Stretched")), TransformerScope.TrainTest)
            .Append(_context.Transforms.FilterCaptionsByClipScore("Captions", "Frames", assets.Clip, keepPerCaptioner: 2), TransformerScope.TrainTest)
            .Append(_context.VideoRetrieval.Trainers.MultiCaption(assets.Clip, Options(assets.Clip).Training))
            .Fit(videos);

        Assert.Equal(byHand.LastTransformer.EmbedText("a red box"), model.LastTransformer.EmbedText("a red box"));
        using var frozen = _context.VideoRetrieval.FromCheckpoint(assets.Clip);
        Assert.NotEqual(frozen.EmbedText("a red box"), model.LastTransformer.EmbedText("a red box"));
        Assert.Equal(2, model.GetModelFor(TransformerScope.Scoring).Count());
    }

    [SkippableFact]
    public void CreateCaptionPipeline_TwoCaptionersOfOneFormat_ShareAColumnAndKeepTheirBest()
    {
        var options = Options(assets.Clip, Captioner.Blip(assets.Blip), Captioner.Blip(assets.Blip, name: "again"));
        options.Selection.KeepPerCaptioner = 1;
        var videos = _context.Data.LoadFromVideoFolder(assets.Videos);
        using var model = _context.VideoRetrieval.CreateCaptionPipeline(options).Fit(videos);

        var kept = model.Transform(videos);

        Assert.Equal(["Frames", "Frames2"], kept.Schema.Where(column => column.Type is VectorDataViewType { ItemType: NumberDataViewType number }
            && number == NumberDataViewType.Byte).Select(column => column.Name));
        Assert.All(kept.GetColumn<string[]>("Captions"), captions => Assert.Equal(2, captions.Count(caption => caption.Length > 0)));
    }

    [Fact]
    public void CreatePipeline_BlipAndNoScoreClip_SaysSoBeforeAnyVideoIsRead()
    {
        var options = Options(assets.BlipRetrieval, Captioner.Blip(assets.Blip));
        var e = Assert.Throws<ArgumentException>(() => _context.VideoRetrieval.CreatePipeline(options));
        Assert.Contains("ScoreClip", e.Message, StringComparison.Ordinal);
        Assert.Contains(assets.BlipRetrieval, e.Message, StringComparison.Ordinal);

        options.ScoreClip = assets.Clip;
        Assert.NotNull(_context.VideoRetrieval.CreatePipeline(options));
        options.ScoreClip = assets.BlipRetrieval;
        Assert.Contains("expected a CLIP", Assert.Throws<ModelFileException>(() => _context.VideoRetrieval.CreatePipeline(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreatePipeline_WhatCannotWork_IsAnErrorBeforeAnyVideoIsRead()
    {
        void Throws<T>(string expected, CaptionTrainingOptions options) where T : Exception =>
            Assert.Contains(expected, Assert.Throws<T>(() => _context.VideoRetrieval.CreatePipeline(options)).Message, StringComparison.Ordinal);

        var faults = Options("");
        faults.FrameCount = 0;
        Throws<ArgumentException>("Checkpoint is empty; FrameCount is '0'", faults);
        Throws<ModelFileException>("'absent'", Options(assets.Clip, Captioner.Blip("absent")));
        Throws<ModelFileException>("'absent'", Options("absent", Captioner.Blip(assets.Blip)));
        Throws<InvalidOperationException>("'own'", Options(assets.Clip, Captioner.Custom("own", "Frames", () => throw new InvalidOperationException("opened"))));
    }
}
