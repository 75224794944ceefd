using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

// A stranger's program: it knows ML.NET and a saved model, and names no type of the library that made it.
// Arguments: MODEL.zip COLUMN VIDEO... Prints, for each video, the column's bytes in hexadecimal: from a data view, then from a PredictionEngine;
// last, whether libtorch was loaded on the way.
if (args.Length < 3)
{
    Console.Error.WriteLine("usage: ModelHost MODEL.zip COLUMN VIDEO...");
    return 2;
}
var (file, column, videos) = (args[0], args[1], args[2..].Select(path => new Video { VideoId = path, VideoPath = path }).ToArray());
Console.WriteLine($"library loaded before: {AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name!.StartsWith("VideoCaption", StringComparison.Ordinal))}");
var context = new MLContext();
var model = context.Model.Load(file, out _);
var view = model.Transform(context.Data.LoadFromEnumerable(videos));
if (view.Schema[column].Type.RawType == typeof(VBuffer<float>)) Predict<float, Numbers>(output => output.Value);
else Predict<byte, Bytes>(output => output.Value);
Console.WriteLine($"libtorch loaded: {Process.GetCurrentProcess().Modules.Cast<ProcessModule>().Any(module => module.ModuleName.Contains("torch_cpu", StringComparison.Ordinal))}");
return 0;

void Predict<TItem, TOutput>(Func<TOutput, TItem[]> value) where TItem : unmanaged where TOutput : class, new()
{
    foreach (var row in view.GetColumn<TItem[]>(column)) Console.WriteLine($"view {Hex(row)}");
    var output = SchemaDefinition.Create(typeof(TOutput));
    output["Value"].ColumnName = column;
    using var engine = context.Model.CreatePredictionEngine<Video, TOutput>(model, outputSchemaDefinition: output);
    foreach (var video in videos) Console.WriteLine($"engine {Hex(value(engine.Predict(video)))}");
}

static string Hex<TItem>(TItem[] values) where TItem : unmanaged => Convert.ToHexString(MemoryMarshal.AsBytes(values.AsSpan()));

internal sealed class Video
{
    public string VideoId { get; set; } = "";
    public string VideoPath { get; set; } = "";
}

internal sealed class Numbers
{
    public float[] Value { get; set; } = [];
}

internal sealed class Bytes
{
    public byte[] Value { get; set; } = [];
}
