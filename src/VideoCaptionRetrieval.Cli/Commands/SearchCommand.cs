using System.CommandLine;
using System.Globalization;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr search INDEX TEXT: the best videos for a text, and the second to jump to.</summary>
internal static class SearchCommand
{
    private const int DefaultTop = 10;

    internal static Command Create(CommandHost host)
    {
        var index = new Argument<string>("INDEX") { Description = "The folder that 'vcr index' made." };
        var text = new Argument<string>("TEXT") { Description = "What to look for." };
        var top = CommonOptions.Whole("--top", "How many hits at most.", DefaultTop, minimum: 1);
        var command = new Command("search", "Finds the videos that fit a text best, and the second to jump to.") { index, text, top };
        return host.Handle(command, (parsed, context) =>
            Run(context, parsed.GetRequiredValue(index), parsed.GetRequiredValue(text), parsed.GetValue(top)));
    }

    private static int Run(CommandContext context, string path, string text, int top)
    {
        using var index = VideoIndex.Open(path);
        var hits = index.Search(text, top);
        context.Print(
            new { query = text, hits = hits.Select(hit => new { video = hit.VideoId, score = hit.Score, time = hit.Time }) },
            hits.Count == 0
                ? ["The index holds no video."]
                : hits.Select((hit, rank) =>
                    string.Create(CultureInfo.InvariantCulture, $"{rank + 1}. {hit.VideoId} @ {Clock.Text(hit.Time)}  {hit.Score:0.00}")));
        return ExitCode.Done;
    }
}
