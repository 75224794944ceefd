using CustomCaptioner;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval;
using VideoCaptionRetrieval.Experiments;

// CustomCaptioner [VIDEOS]: captions frames with a captioner of one's own, keeps the captions, and counts them.
// Clips that are not given are rendered here.
const int Frames = 4;
const string work = "custom-captioner";
var videoFolder = args is [var given] ? given : Path.Combine(work, "videos");
if (args.Length == 0) SampleVideos.Render(videoFolder);

var mlContext = new MLContext(seed: 1);
var videos = mlContext.Data.LoadFromVideoFolder(videoFolder);
using var own = new BrightnessCaptioner();
var pipeline = mlContext.Transforms.SampleFrames("VideoPath", new FrameColumn("Frames", own.FrameFormat, Frames))
    .Append(mlContext.Transforms.CaptionFrames("Captions", Path.Combine(work, "captions"),
        Captioner.Custom("brightness", "Frames", () => new BrightnessCaptioner())));

var captioned = pipeline.Fit(videos).Transform(videos);
foreach (var (video, captions) in captioned.GetColumn<string>("VideoId").Zip(captioned.GetColumn<string[]>("Captions")))
    Console.WriteLine($"{video}: {string.Join("; ", captions.Distinct())}");

var counted = CaptionStatistics.Compute(CaptionStore.Open(Path.Combine(work, "captions")).Captions);
Console.WriteLine($"{counted.All.Captions} captions of {counted.Videos} videos, {counted.All.UniqueShare:0%} of a video's are unique");
