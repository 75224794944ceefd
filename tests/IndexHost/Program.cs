using System.Diagnostics;
using System.Globalization;
using VideoCaptionRetrieval;

// Searches an index in a process that has neither the model nor the videos.
// Arguments: INDEX TEXT. Prints a line for each hit: video, score, time, frame; last, whether libtorch was loaded on the way.
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: IndexHost INDEX TEXT");
    return 2;
}
using var index = VideoIndex.Open(args[0]);
foreach (var hit in index.Search(args[1]))
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{hit.VideoId} {hit.Score:r} {hit.Time:r} {hit.Frame}"));
Console.WriteLine($"libtorch loaded: {Process.GetCurrentProcess().Modules.Cast<ProcessModule>().Any(module => module.ModuleName.Contains("torch_cpu", StringComparison.Ordinal))}");
return 0;
