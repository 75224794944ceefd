using Microsoft.ML;
using VideoCaptionRetrieval;

namespace QuickStart;

/// <summary>What the program says.</summary>
internal sealed class Report : IProgress<TrainingProgress>
{
    void IProgress<TrainingProgress>.Report(TrainingProgress value)
    {
        if (value.Step == 1) Line($"Training, {value.Steps} steps");
        Line($"  epoch {value.Epoch}, step {value.Step}: loss {value.Loss:0.0000}");
    }

    internal static void Line(string text) => Console.WriteLine(text);

    /// <summary>The captions that were trained on. Captioners do not run again: their captions are in the store.</summary>
    internal static void Captions(MLContext mlContext, IEnumerable<ITransformer> stages, IDataView videos)
    {
        Line("\nCaptions kept, with CLIPScore");
        var captioned = stages.Aggregate(videos, (view, stage) => stage.Transform(view));
        foreach (var video in mlContext.Data.CreateEnumerable<CaptionedVideo>(captioned, reuseRowObject: false))
        {
            Line($"  {video.VideoId}");
            foreach (var (caption, score) in video.Captions.Zip(video.Scores).Where(kept => kept.First.Length > 0)) Line($"    {score:0.00}  {caption}");
        }
    }

    internal static void Skipped(IReadOnlyList<SkippedVideo> videos)
    {
        foreach (var video in videos) Line($"Skipped {video.VideoId}: {video.Reason}");
    }
}
