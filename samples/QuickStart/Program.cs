using Microsoft.ML;
using Microsoft.ML.Data;
using QuickStart;
using VideoCaptionRetrieval;

// QuickStart [VIDEOS [CLIP BLIP CLIPCAP]]: a folder of videos, and checkpoints. What is not given is rendered, or lies in models/.
const string work = "quickstart";
var (videoFolder, clip, blip, clipCap, questions, learningRate, temperature) = Inputs.Prepare(args, work);
string captions = Path.Combine(work, "captions"), zip = Path.Combine(work, "retrieval.zip"), indexFolder = Path.Combine(work, "index");

var mlContext = new MLContext(seed: 1);
IDataView videos = mlContext.Data.LoadFromVideoFolder(videoFolder);                     // columns: VideoId, VideoPath

var pipeline = mlContext.VideoRetrieval.CreatePipeline(new()                            // frames, captions, the best of them, training
{
    Checkpoint = clip,
    Captioning = { Captioners = [Captioner.Blip(blip), Captioner.ClipCap(clipCap)], StorePath = captions },
    Training = { Epochs = 10, BatchSize = 16, LearningRate = learningRate, Objective = { QueryScoringTemperature = temperature }, Progress = new Report() },
});

using var model = pipeline.Fit(videos);                                                 // contrastive fine-tuning on the captions
mlContext.Model.Save(model.GetModelFor(TransformerScope.Scoring), videos.Schema, zip);  // one file, loads anywhere
Report.Captions(mlContext, model, videos);
Report.Skipped(model.LastTransformer.SkippedVideos);
Report.Line($"Saved {zip}, {new FileInfo(zip).Length / 1024:#,0} KiB");

var metrics = mlContext.VideoRetrieval.Evaluate(model, videos, mlContext.Data.LoadFromEnumerable(questions));       // R@1/5/10/50, ranks, both ways
Report.Line($"{metrics.TextToVideo.Queries} queries: R@1 {metrics.TextToVideo.RecallAt1:0.0}, R@5 {metrics.TextToVideo.RecallAt5:0.0}, median rank {metrics.TextToVideo.MedianRank}");

using var index = VideoIndex.Create(indexFolder, model, videos);                        // searchable
foreach (var query in new[] { "a red circle slides past a blue square", "a yellow star moves past a green heart" })
{
    Report.Line($"\nSearch: {query}");
    var hits = index.Search(query, top: 3);
    foreach (var hit in hits)                                                           // video, score, best moment
        Report.Line($"  {hit.VideoId} @ {TimeSpan.FromSeconds(hit.Time):mm\\:ss}  {hit.Score:0.00}");
    var sheet = Path.Combine(work, query.Replace(' ', '-') + ".png");
    ContactSheet.Write(sheet, index, query, hits);                                      // the hits as a picture
    Report.Line($"  {sheet}");
}
