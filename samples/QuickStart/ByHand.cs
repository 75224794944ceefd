using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval;

namespace QuickStart;

/// <summary>The pipeline of this program appended stage by stage, to start from where a stage of your own is to go in between.</summary>
internal static class ByHand
{
    internal static EstimatorChain<MultiCaptionRetrievalTransformer> CreatePipeline(
        MLContext mlContext, string clip, string blip, string clipCap, string captions)
    {
        var pipeline = mlContext.Transforms.SampleFrames(new FrameSamplerOptions
        {
            Columns = [FrameColumn.For("Frames", clip, count: 10), FrameColumn.For("LargeFrames", blip, count: 10)],
            OnError = FrameErrorHandling.Report,                                        // unreadable videos are left out and listed
        })
            .Append(mlContext.Transforms.CaptionFrames("Captions", captions,
                Captioner.Blip(blip, "LargeFrames"), Captioner.ClipCap(clipCap, "Frames")), TransformerScope.TrainTest)
            .Append(mlContext.Transforms.FilterCaptionsByClipScore("Captions", "Frames", clip, keepPerCaptioner: 2), TransformerScope.TrainTest)
            .Append(mlContext.VideoRetrieval.Trainers.MultiCaption(clip, new() { Epochs = 10, BatchSize = 16 }));
        return pipeline;
    }
}
