using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval;
using VideoCaptionRetrieval.Models;

// Reads frames of videos, all at once and again and again, until it is killed.
// Arguments: FFMPEG or "-", CACHE or "-", VIDEO...
if (args.Length < 3)
{
    Console.Error.WriteLine("usage: DecodeHost FFMPEG|- CACHE|- VIDEO...");
    return 2;
}
var context = new MLContext();
var videos = context.Data.LoadFromEnumerable(args[2..].Select(path => new { VideoPath = path }));
for (var round = 0; ; round++)
{
    var options = new FrameSamplerOptions
    {
        // Other frames in each round, so that a cache does not end the work.
        Columns = [new FrameColumn("Frames", new FrameFormat(64), count: 10 + (round % 100))],
        ParallelVideos = args.Length - 2,
        Cache = args[1] == "-" ? null : new FrameCacheOptions { Folder = args[1] },
        Ffmpeg = new FfmpegOptions { FfmpegPath = args[0] == "-" ? null : args[0] },
    };
    foreach (var frames in context.Transforms.SampleFrames(options).Fit(videos).Transform(videos).GetColumn<byte[]>("Frames"))
        Console.WriteLine($"round {round}: {frames.Length} bytes");
}
