using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval;

// Trains a small CLIP on made-up frames and captions, with a checkpoint after every step, until it is done or killed.
// Arguments: CLIP CHECKPOINTS OUTPUT EPOCHS
const int Videos = 10, Frames = 2, Size = 64;
if (args.Length != 4)
{
    Console.Error.WriteLine("usage: TrainHost CLIP CHECKPOINTS OUTPUT EPOCHS");
    return 2;
}
var context = new MLContext(seed: 1);
var schema = SchemaDefinition.Create(typeof(Row));
schema["Frames"].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, 2 * Frames, Size, Size, 3);
schema["Captions"].ColumnType = new VectorDataViewType(TextDataViewType.Instance, 2);
var rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, Videos).Select(Row.Of), schema);
var options = new MultiCaptionRetrievalOptions
{
    Epochs = int.Parse(args[3], CultureInfo.InvariantCulture),
    BatchSize = 4,
    FrameCount = Frames,
    LearningRate = 1e-3,
    Optimization = { WeightDecay = 0.1, WarmupRatio = 0.1, MaxGradientNorm = 1 },
    Objective = { CaptionSampling = CaptionSampling.OneRandom },
    Checkpoints = { Folder = args[1], EverySteps = 1 },
};
using var model = context.VideoRetrieval.Trainers.MultiCaption(args[0], options).Fit(rows);
model.ExportCheckpoint(args[2]);
return 0;

/// <summary>A video: frames of one colour with noise, and two captions.</summary>
internal sealed class Row
{
    public string VideoId { get; set; } = "";

    public byte[] Frames { get; set; } = [];

    public string[] Captions { get; set; } = [];

    internal static Row Of(int video)
    {
        var frames = new byte[4 * 64 * 64 * 3];
        var random = new Random(video);
        for (var i = 0; i < frames.Length; i++) frames[i] = (byte)((video * 20) + random.Next(40));
        return new() { VideoId = $"v{video}", Frames = frames, Captions = [$"clip number {video}", $"a picture of {video}"] };
    }
}
