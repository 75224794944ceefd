using System.CommandLine;
using System.Globalization;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Experiments;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr world make: renders videos of the closed world and writes sentences about them.</summary>
internal static class WorldMakeCommand
{
    internal static Command Create(CommandHost host)
    {
        var output = CommonOptions.Output("The folder of the videos; existing videos are kept.", "DIR");
        var videos = CommonOptions.Whole("--videos", "Number of videos.", standard: 30, minimum: 1);
        var set = new Option<string>("--set") { Description = "Name of the set: the files' names begin with it, and another name draws other videos.", HelpName = "NAME", DefaultValueFactory = _ => "video" };
        var sentences = new Option<string?>("--sentences") { Description = "Also write sentences about the videos to this file, lines with \"video\" and \"text\".", HelpName = "FILE" };
        var scenes = CommonOptions.Whole("--scenes", "Scenes of a video, 4 seconds each.", standard: 1, minimum: 1);
        var size = CommonOptions.Whole("--size", "Width and height in pixels, a multiple of 96.", standard: 96, minimum: 96);
        var (seed, gap) = (WorldCommand.Seed("Seed of the videos."), WorldCommand.Gap());
        var command = new Command("make", "Render videos of coloured shapes that move, appear, leave and change.") { output, videos, set, sentences, scenes, size, seed, gap };
        return host.Handle(command, (parsed, context) => Run(context, parsed.GetRequiredValue(output), parsed.GetRequiredValue(set), parsed.GetValue(videos),
            parsed.GetValue(sentences), new()
            {
                Seed = parsed.GetValue(seed),
                Gap = parsed.GetValue(gap),
                ScenesPerVideo = parsed.GetValue(scenes),
                VideoSize = parsed.GetValue(size),
            }));
    }

    private static int Run(CommandContext context, string folder, string set, int count, string? sentences, ShapeWorldOptions world)
    {
        if (sentences is not null) OutputFile.Check(sentences, "--sentences");
        folder = Path.TrimEndingDirectorySeparator(folder);
        var videos = WorkProgress.Show(context, progress =>
        {
            progress.Begin(string.Create(CultureInfo.InvariantCulture, $"rendering {count:#,0} videos"), count, WorkProgress.Continues);
            return ShapeWorldVideos.WriteVideos(folder, set, count, world, progress: new DirectProgress<int>(done => progress.Report(done)),
                cancellationToken: context.Cancellation);
        });
        if (sentences is not null) ShapeWorldVideos.WriteSentences(sentences, folder, set, count, world);
        context.Print(new { folder, videos, sentences }, [$"{folder}: {videos.Count} videos", .. sentences is null ? Array.Empty<string>() : [$"{sentences}: what is true of them"]]);
        return ExitCode.Done;
    }
}
