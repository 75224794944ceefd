using System.CommandLine;
using System.Globalization;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Search.Sheets;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr search INDEX TEXT: the best videos for a text, and the second to jump to.</summary>
internal static class SearchCommand
{
    private const int DefaultTop = 10;
    private const string SheetName = "--sheet";

    private sealed record Settings(string Index, string Text, int Top, int? Rerank, string? Model, IReadOnlyList<string> Videos)
    {
        internal string? Sheet { get; init; }
    }

    internal static Command Create(CommandHost host)
    {
        var index = new Argument<string>("INDEX") { Description = "The folder that 'vcr index' made." };
        var text = new Argument<string>("TEXT") { Description = "The text to search for." };
        var top = CommonOptions.Whole("--top", "Maximum number of hits.", DefaultTop, minimum: 1);
        var sheet = new Option<string?>(SheetName)
        {
            Description = $"Also write a picture (PNG) of the hits and their best frames, of {ContactSheet.MaxHits} hits at most.",
            HelpName = "FILE",
        };
        var rerank = new Option<int?>("--rerank")
        {
            Description = "Re-rank the N best hits by a BLIP's matching head; its authors take 128. Their frames are read again.",
            HelpName = "N",
        };
        rerank.Validators.Add(Validators.AtLeast(1));
        var model = new ModelOption("--model", "For --rerank, the model that the index was made with.");
        var videos = new Option<string[]>("--videos")
        {
            Description = "For --rerank, what 'vcr index' was given; by default the files that the index names.",
            HelpName = "PATH...",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("search", "Find the videos that fit a text best, and the second to jump to.") { index, text, top, sheet, rerank, model, videos };
        videos.Validators.Add(Validators.Paths());
        text.Validators.Add(Validators.Text());
        command.Validators.Add(result =>
        {
            if (result.GetResult(rerank) is null != result.GetResult(model) is null) result.AddError("--rerank and --model go together: give both, or none.");
            if (result.GetResult(videos) is not null && result.GetResult(rerank) is null) result.AddError("--videos is for --rerank.");
        });
        return host.HandleVideos(command, (parsed, context) => Run(context, new(parsed.GetRequiredValue(index), parsed.GetRequiredValue(text),
            parsed.GetValue(top), parsed.GetValue(rerank), parsed.GetValue(model), parsed.GetValue(videos) ?? [])
        {
            Sheet = parsed.GetValue(sheet),
        }));
    }

    private static int Run(CommandContext context, Settings settings)
    {
        if (settings.Sheet is not null) OutputFile.Check(settings.Sheet, SheetName);
        using var index = VideoIndex.Open(settings.Index);
        var hits = index.Search(settings.Text, Math.Max(settings.Top, settings.Rerank ?? 0));
        if (settings.Rerank is { } most && Math.Min(most, hits.Count) is > 0 and var count)
            hits = [.. Rerank(context, settings, index, [.. hits.Take(count)]), .. hits.Skip(count)];
        hits = [.. hits.Take(settings.Top)];
        if (settings.Sheet is not null) WriteSheet(context, settings.Sheet, index, settings.Text, hits);
        var found = hits.Select(hit => new { video = hit.VideoId, score = hit.Score, time = hit.Time });
        context.Print(
            settings.Sheet is null
                ? new { query = settings.Text, hits = found }
                : new { query = settings.Text, hits = found, sheet = settings.Sheet, skipped = context.SkippedJson },
            hits.Count == 0
                ? ["The index holds no video."]
                : hits.Select((hit, rank) =>
                    string.Create(CultureInfo.InvariantCulture, $"{rank + 1}. {hit.VideoId} @ {Timestamp.Format(hit.Time)}  {hit.Score:0.00}")));
        return hits.Count == 0 ? ExitCode.Done : context.Finish(hits.Count);
    }

    private static void WriteSheet(CommandContext context, string sheet, VideoIndex index, string text, IReadOnlyList<VideoHit> hits)
    {
        var shown = Math.Min(hits.Count, ContactSheet.MaxHits);
        var skipped = WorkProgress.Show(context, progress =>
        {
            progress.Begin(Invariant($"reading frames of {shown:#,0} videos"), shown);
            return ContactSheet.Write(sheet, index, text, hits, new()
            {
                Ffmpeg = context.Videos.Ffmpeg,
                Progress = new DirectProgress<int>(done => progress.Report(done)),
                CancellationToken = context.Cancellation,
            });
        });
        foreach (var video in skipped) context.Skip(video);
        context.Report(hits.Count == 0 ? $"{sheet}: no hits" : Invariant($"{sheet}: the best frames of {shown:#,0} videos"));
    }

    private static IReadOnlyList<VideoHit> Rerank(CommandContext context, Settings settings, VideoIndex index, IReadOnlyList<VideoHit> hits)
    {
        var mlContext = context.CreateMLContext();
        using var model = ModelReference.Open(mlContext, settings.Model!);
        var names = hits.Select(hit => hit.VideoId).ToHashSet(StringComparer.Ordinal);
        var listed = VideoInputs.List(context, settings.Videos.Count > 0 ? settings.Videos : [.. names]);
        var clips = listed.Where(clip => names.Contains(clip.VideoId)).ToList();
        if (clips.Count < names.Count)
            context.Report($"{names.Count - clips.Count} of {names.Count} candidates are not among the videos and follow behind the others.");
        if (clips.Count == 0) return hits;
        var videos = VideoInputs.Load(mlContext, clips);
        var chain = VideoInputs.Chain(mlContext, context, videos, model, index.FrameCount);
        return WorkProgress.Show(context, progress =>
        {
            progress.Begin(Invariant($"reading {clips.Count:#,0} videos again to re-rank"), clips.Count);
            return index.Rerank(settings.Text, hits, chain, videos,
                new() { Progress = new DirectProgress<int>(done => progress.Report(done)), CancellationToken = context.Cancellation });
        });
    }
}
