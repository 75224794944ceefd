using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr captions stats: statistics of captions before and after selection.</summary>
internal static class CaptionsStatsCommand
{
    private const int BarWidth = 40;

    internal static Command Create(CommandHost host)
    {
        var store = new Argument<string>("STORE") { Description = "A store of captions, or a file of them." };
        var selected = new Option<string?>("--selected")
        {
            Description = "The captions that 'vcr select' kept of them: the file it wrote.",
            HelpName = "FILE",
        };
        var command = new Command("stats", "Count captions: how many, how different, by captioner, frame and score.") { store, selected };
        return host.Handle(command, (parsed, context) => Run(context, parsed.GetRequiredValue(store), parsed.GetValue(selected)));
    }

    private static int Run(CommandContext context, string store, string? selected)
    {
        var captions = CaptionSource.Read(store);
        var kept = selected is null ? null : CaptionLine.Read(selected, line =>
            (CaptionSource.Record(line), line.Source.OptionalNumber("score")?.GetDouble() ?? double.NaN));
        var counted = CaptionStatistics.Compute(captions, kept);
        if (counted.All.Captions + counted.EmptyCaptions == 0) throw new UserErrorException($"'{store}' holds no caption.");
        context.Print(Json(counted), Lines(counted));
        return ExitCode.Done;
    }

    private static object Json(CaptionStatistics counted) => new
    {
        videos = counted.Videos,
        emptyCaptions = counted.EmptyCaptions,
        all = Json(counted.All),
        kept = counted.Kept is { } kept ? Json(kept) : null,
        overlaps = counted.Overlaps.Select(pair => new { first = pair.First, second = pair.Second, share = pair.Share }),
        keptByFrame = counted.KeptByFrame,
        keptByScore = counted.KeptByScore,
    };

    private static object Json(CaptionSetStatistics set) => new
    {
        captions = set.Captions,
        perVideo = set.PerVideo,
        uniqueShare = set.UniqueShare,
        uniqueShareOverall = set.UniqueShareOverall,
        words = set.Words,
        byCaptioner = set.ByCaptioner.ToDictionary(own => own.Key, own => Json(own.Value)),
    };

    private static IEnumerable<string> Lines(CaptionStatistics counted)
    {
        yield return $"{counted.All.Captions} captions of {counted.Videos} videos"
            + (counted.EmptyCaptions > 0 ? $", and {counted.EmptyCaptions} without text" : "");
        yield return "";
        yield return "                          captions  a video  unique in a video  unique overall  words";
        foreach (var line in Rows("all", counted.All)) yield return line;
        if (counted.Kept is { } kept)
            foreach (var line in Rows("kept", kept)) yield return line;
        if (counted.Overlaps.Count > 0) yield return "";
        foreach (var pair in counted.Overlaps)
            yield return Invariant($"{pair.First} and {pair.Second} say the same: {pair.Share:0.0 %} of the texts of a video");
        foreach (var line in Bars("kept captions by frame", counted.KeptByFrame, frame => $"{frame}")) yield return line;
        foreach (var line in Bars("kept captions by CLIPScore", counted.KeptByScore, bin => Invariant($"{bin / 10.0:0.0}-{(bin + 1) / 10.0:0.0}")))
            yield return line;
    }

    private static IEnumerable<string> Rows(string name, CaptionSetStatistics set)
    {
        string Row(string label, CaptionSetStatistics one) => Invariant(
            $"{label,-24}  {one.Captions,8}  {one.PerVideo,7:0.0}  {one.UniqueShare,17:0.0 %}  {one.UniqueShareOverall,14:0.0 %}  {one.Words,5:0.0}");
        yield return Row(name, set);
        if (set.ByCaptioner.Count > 1)
            foreach (var (captioner, own) in set.ByCaptioner) yield return Row("  " + captioner, own);
    }

    private static IEnumerable<string> Bars(string title, IReadOnlyList<int> counts, Func<int, string> label)
    {
        if (counts.Count == 0) yield break;
        yield return "";
        yield return title;
        for (var i = 0; i < counts.Count; i++)
            if (counts[i] > 0 || counts.Count <= 32)
                yield return $"  {label(i),7}  {counts[i],8}  {new string('#', counts[i] * BarWidth / Math.Max(1, counts.Max()))}";
    }
}
