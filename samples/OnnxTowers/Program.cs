using Microsoft.ML;
using Microsoft.ML.Data;
using OnnxTowers;
using VideoCaptionRetrieval;
using VideoCaptionRetrieval.Experiments;

// OnnxTowers [VIDEOS CLIP]: the image tower of a CLIP, exported as ONNX, in a chain with ML.NET's own ApplyOnnxModel.
// What is not given, short clips and a small CLIP with random weights, is made here.
const int Frames = 4;
const string work = "onnx-towers";
if (args.Length is not (0 or 2))
{
    Console.Error.WriteLine("Usage: OnnxTowers [VIDEOS CLIP]: a folder of videos and a CLIP checkpoint.");
    return 2;
}
var (videoFolder, clip) = args is [var given, var checkpoint] ? (given, checkpoint) : (Path.Combine(work, "videos"), Path.Combine(work, "clip"));
if (args.Length == 0)
{
    SampleVideos.Render(videoFolder);
    if (!Directory.Exists(clip)) SmallModels.WriteClip(clip, seed: 1);
}

var mlContext = new MLContext(seed: 1);
var videos = mlContext.Data.LoadFromVideoFolder(videoFolder);
using var model = mlContext.VideoRetrieval.FromCheckpoint(clip, frameCount: Frames);
var export = Path.Combine(work, "export");
if (!Directory.Exists(export)) model.ExportOnnx(export);                            // config, tokenizer, onnx/vision_model.onnx …

var frames = FrameColumn.For("Frames", export, Frames);                             // size and crop rule of the checkpoint
var size = frames.Format.Size;
var pixels = SchemaDefinition.Create(typeof(PixelValues));
pixels["pixel_values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Frames, 3, size, size);
var pipeline = mlContext.Transforms.SampleFrames("VideoPath", frames)
    .Append(mlContext.Transforms.CustomMapping<FrameBytes, PixelValues>(
        (input, output) => output.Values = Pixels.Normalise(input.Frames, size), contractName: null, outputSchemaDefinition: pixels))
    .Append(mlContext.Transforms.ApplyOnnxModel(
        outputColumnNames: ["image_embeds"], inputColumnNames: ["pixel_values"], Path.Combine(export, "onnx", "vision_model.onnx"),
        new Dictionary<string, int[]> { ["pixel_values"] = [Frames, 3, size, size], ["image_embeds"] = [Frames, model.Dimension] },
        gpuDeviceId: null, fallbackToCpu: false, recursionLimit: 100));

var byMlNet = pipeline.Fit(videos).Transform(videos).GetColumn<float[]>("image_embeds").ToList();
var sampled = mlContext.Transforms.SampleFrames("VideoPath", frames).Fit(videos).Transform(videos);
var byUs = model.Transform(sampled).GetColumn<float[]>(MultiCaptionRetrievalTransformer.FrameEmbeddingsColumn).ToList();
var difference = byMlNet.SelectMany(row => row).Zip(byUs.SelectMany(row => row), (a, b) => Math.Abs(a - b)).Max();
Console.WriteLine($"{byMlNet.Count} videos, {Frames} frames each, embeddings of {model.Dimension} values.");
Console.WriteLine($"Largest difference between ApplyOnnxModel and the retrieval transformer: {difference:0.0e0}");
return difference < 1e-4 ? 0 : 1;
