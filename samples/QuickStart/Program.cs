using Microsoft.ML;
using Microsoft.ML.Data;
using QuickStart;
using VideoCaptionRetrieval;

// QuickStart [VIDEOS [CLIP BLIP]]: a folder of videos, and checkpoints in Hugging Face layout. What is not given is made here.
const string work = "quickstart";
var (videoFolder, clip, blip) = Inputs.Prepare(args, work);
string captions = Path.Combine(work, "captions"), zip = Path.Combine(work, "retrieval.zip"), indexFolder = Path.Combine(work, "index");

var mlContext = new MLContext(seed: 1);
IDataView videos = mlContext.Data.LoadFromVideoFolder(videoFolder);                     // columns: VideoId, VideoPath

var pipeline = mlContext.Transforms.SampleFrames(new FrameSamplerOptions
{
    Columns = [FrameColumn.For("Frames", clip, count: 10), FrameColumn.For("LargeFrames", blip, count: 10)],
    OnError = FrameErrorHandling.Report,                                                // unreadable videos are left out and listed
})
    .Append(mlContext.Transforms.CaptionFrames("Captions", captions, Captioner.Blip(blip, "LargeFrames")), TransformerScope.TrainTest)
    .Append(mlContext.Transforms.FilterCaptionsByClipScore("Captions", "Frames", clip, keepPerCaptioner: 2), TransformerScope.TrainTest)
    .Append(mlContext.VideoRetrieval.Trainers.MultiCaption(clip, new() { Epochs = 10, BatchSize = 16, Progress = new Report() }));

using var model = pipeline.Fit(videos);                                                 // contrastive fine-tuning on the captions
mlContext.Model.Save(model.GetModelFor(TransformerScope.Scoring), videos.Schema, zip);  // one file, loads anywhere
Report.Captions(mlContext, model, videos);
Report.Skipped(model.LastTransformer.SkippedVideos);
Report.Line($"Saved {zip}, {new FileInfo(zip).Length / 1024:#,0} KiB");

var queries = mlContext.Data.LoadFromEnumerable(Inputs.QueriesFromNames(videoFolder));
var metrics = mlContext.VideoRetrieval.Evaluate(model, videos, queries);                // R@1/5/10/50, ranks, both ways
Report.Line($"Queries made of file names: R@1 {metrics.TextToVideo.RecallAt1:0.0}, R@5 {metrics.TextToVideo.RecallAt5:0.0}, median rank {metrics.TextToVideo.MedianRank}");

using var index = VideoIndex.Create(indexFolder, model, videos);                        // searchable
foreach (var query in new[] { "a red box moves to the right", "a picture that turns white" })
{
    Report.Line($"\nSearch: {query}");
    foreach (var hit in index.Search(query, top: 3))                                    // video, score, best moment
        Report.Line($"  {hit.VideoId} @ {TimeSpan.FromSeconds(hit.Time):mm\\:ss}  {hit.Score:0.00}");
}
Inputs.SayWhatAnswersMean();
