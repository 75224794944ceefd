using System.CommandLine;
using System.Globalization;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Search;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr search INDEX TEXT: the best videos for a text, and the second to jump to.</summary>
internal static class SearchCommand
{
    private const int DefaultTop = 10;
    private const string SheetName = "--sheet";

    internal static Command Create(CommandHost host)
    {
        var index = new Argument<string>("INDEX") { Description = "The folder that 'vcr index' made." };
        var text = new Argument<string>("TEXT") { Description = "What to look for." };
        var top = CommonOptions.Whole("--top", "How many hits at most.", DefaultTop, minimum: 1);
        var sheet = new Option<string?>(SheetName)
        {
            Description = $"Also write a picture (PNG) of the hits and their best frames, of {ContactSheet.MostHits} hits at most.",
            HelpName = "FILE",
        };
        var command = new Command("search", "Finds the videos that fit a text best, and the second to jump to.") { index, text, top, sheet };
        return host.Handle(command, (parsed, context) =>
            Run(context, parsed.GetRequiredValue(index), parsed.GetRequiredValue(text), parsed.GetValue(top), parsed.GetValue(sheet)));
    }

    private static int Run(CommandContext context, string path, string text, int top, string? sheet)
    {
        if (sheet is not null) OutputFile.Check(sheet, SheetName);
        using var index = VideoIndex.Open(path);
        var hits = index.Search(text, top);
        if (sheet is not null) WriteSheet(context, sheet, index, text, hits);
        var found = hits.Select(hit => new { video = hit.VideoId, score = hit.Score, time = hit.Time });
        context.Print(
            sheet is null ? new { query = text, hits = found } : new { query = text, hits = found, sheet, skipped = context.SkippedJson },
            hits.Count == 0
                ? ["The index holds no video."]
                : hits.Select((hit, rank) =>
                    string.Create(CultureInfo.InvariantCulture, $"{rank + 1}. {hit.VideoId} @ {Clock.Text(hit.Time)}  {hit.Score:0.00}")));
        return hits.Count == 0 ? ExitCode.Done : context.Finish(hits.Count);
    }

    private static void WriteSheet(CommandContext context, string sheet, VideoIndex index, string text, IReadOnlyList<VideoHit> hits)
    {
        var shown = Math.Min(hits.Count, ContactSheet.MostHits);
        var skipped = WorkProgress.Show(context, progress =>
        {
            progress.Begin($"reading frames of {shown:#,0} videos", shown);
            return ContactSheet.Write(sheet, index, text, hits, new()
            {
                Ffmpeg = context.Videos.Ffmpeg,
                Progress = new DirectProgress<int>(done => progress.Report(done)),
                CancellationToken = context.Cancellation,
            });
        });
        foreach (var video in skipped) context.Skip(video);
        context.Say(hits.Count == 0 ? $"{sheet}: no hits" : $"{sheet}: the best frames of {shown:#,0} videos");
    }
}
