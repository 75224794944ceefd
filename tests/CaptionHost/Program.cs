using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval;

// Captions made-up frames into a store and writes down which, until it is done or killed.
// Arguments: STORE LOG VIDEOS IMAGES-PER-BATCH MILLISECONDS-PER-IMAGE
if (args.Length != 5)
{
    Console.Error.WriteLine("usage: CaptionHost STORE LOG VIDEOS IMAGES-PER-BATCH MILLISECONDS-PER-IMAGE");
    return 2;
}
var context = new MLContext();
var schema = SchemaDefinition.Create(typeof(Row));
schema["Frames"].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, LoggingCaptioner.FramesPerVideo, LoggingCaptioner.Size, LoggingCaptioner.Size, 3);
var rows = context.Data.LoadFromEnumerable(Enumerable.Range(0, int.Parse(args[2], CultureInfo.InvariantCulture)).Select(video => new Row { Frames = LoggingCaptioner.Frames(video) }), schema);
var options = new ImageCaptionerOptions
{
    StorePath = args[0],
    ImagesPerBatch = int.Parse(args[3], CultureInfo.InvariantCulture),
    Captioners = [Captioner.Custom("logging", "Frames", () => new LoggingCaptioner(args[1], int.Parse(args[4], CultureInfo.InvariantCulture)))],
};
using var captioner = context.Transforms.CaptionFrames(options).Fit(rows);
Console.WriteLine(captioner.Transform(rows).GetColumn<string[]>("Captions").Sum(captions => captions.Length));
return 0;
