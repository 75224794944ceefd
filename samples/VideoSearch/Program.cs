using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval;
using VideoCaptionRetrieval.Experiments;
using VideoSearch = VideoSearchSample.VideoSearch;

// VideoSearch [VIDEOS [TEXT [MODELS]]]: trains on a folder of videos, saves the model, indexes the videos and looks for a text.
// Without VIDEOS example videos are rendered. MODELS holds clip, and blip or clipcap or both. What is made lies in video-search.
const string work = "video-search";
if (args.Length > 3)
{
    Console.Error.WriteLine("Usage: VideoSearch [VIDEOS [TEXT [MODELS]]]");
    return 2;
}
var videos = args.ElementAtOrDefault(0) ?? Path.Combine(work, "videos");
var text = args.ElementAtOrDefault(1) ?? "a red circle slides past a blue square";
var models = args.ElementAtOrDefault(2) ?? VideoSearch.DefaultModels;
if (args.Length == 0) ShapeWorldVideos.WriteExamples(videos);
string indexFolder = Path.Combine(work, "index"), sheet = Path.Combine(work, "hits.png");
Directory.CreateDirectory(work);

VideoSearch.MLNetModelPath = Path.GetFullPath(Path.Combine(work, "VideoSearch.mlnet"));
Console.WriteLine($"Training on {videos} ...");
VideoSearch.Train(VideoSearch.MLNetModelPath, videos, captionStore: Path.Combine(work, "captions"), models);
Console.WriteLine($"Saved {VideoSearch.MLNetModelPath}, {new FileInfo(VideoSearch.MLNetModelPath).Length / 1024:#,0} KiB");

var mlContext = new MLContext();
using var model = (TransformerChain<ITransformer>)mlContext.Model.Load(VideoSearch.MLNetModelPath, out _);
using var index = VideoIndex.Create(indexFolder, model, VideoSearch.LoadIDataViewFromFolder(mlContext, videos));
foreach (var skipped in index.Skipped) Console.WriteLine($"Skipped {skipped.VideoId}: {skipped.Reason}");

var hits = index.Search(text, top: 5);
Console.WriteLine($"\nSearch: {text}");
foreach (var hit in hits)
    Print($"  {hit.VideoId} @ {TimeSpan.FromSeconds(hit.Time):mm\\:ss}  {hit.Score:0.00}");
ContactSheet.Write(sheet, index, text, hits);
Console.WriteLine($"Their best frames: {sheet}");

if (hits is [var best, ..])
{
    var embedding = VideoSearch.Predict(new() { VideoId = best.VideoId, VideoPath = best.VideoId }).Embedding;
    var query = model.OfType<MultiCaptionRetrievalTransformer>().Single().EmbedText(text);
    Print($"Cosine of the text and the best video as a whole: {TensorPrimitives.Dot(embedding, query):0.00}");
}
return 0;

static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
