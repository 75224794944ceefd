using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.ClipScore;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr select: keeps the captions that fit their frames best, by CLIPScore.</summary>
internal static class SelectCommand
{
    private sealed record Settings(string Captions, string Clip, ClipScoreFilterOptions Selection, string Output);

    private static readonly Dictionary<string, CaptionSelectionRule> Rules = new()
    {
        ["best"] = CaptionSelectionRule.TopPerCaptioner,
        ["middle"] = CaptionSelectionRule.MiddleFrame,
        ["random"] = CaptionSelectionRule.Random,
    };

    private sealed record Kept(CaptionLine Line, double Score);

    internal static Command Create(CommandHost host)
    {
        var captions = new Argument<string>("CAPTIONS") { Description = "A .jsonl file that 'vcr caption' wrote." };
        var clip = CommonOptions.Model("--clip", "The CLIP that scores");
        var keep = CommonOptions.Whole("--keep", "Captions to keep per video and captioner, or with --joint per video.", ClipScoreFilterOptions.DefaultKeepPerCaptioner, minimum: 1);
        var joint = new Option<bool>("--joint") { Description = "Let all captioners of a video compete; captions are written best first." };
        var rule = new Option<string>("--rule")
        {
            Description = "best: by CLIPScore. middle: the caption of the middle frame of each captioner. random: --keep of each captioner, drawn by --seed.",
            DefaultValueFactory = _ => "best",
            HelpName = "RULE",
        };
        rule.AcceptOnlyFromAmong([.. Rules.Keys]);
        var minimum = new Option<double?>("--minimum-score") { Description = "Drop captions with a lower CLIPScore.", HelpName = "SCORE" };
        var unique = new Option<bool>("--unique") { Description = "Keep one of a video's captions that differ only in case and white space." };
        var seed = CommonOptions.Whole("--seed", "Seed of --rule random.", 1, minimum: 0);
        var prefix = new Option<string>("--prefix") { Description = "Text before every caption when it is scored, such as 'A photo depicts '.", HelpName = "TEXT" };
        var output = CommonOptions.Output("The file to write: the kept lines with \"score\", best first inside video and captioner.");
        var command = new Command("select", "Keep the captions that fit their frames best, by CLIPScore.")
            { captions, clip, output, keep, joint, rule, minimum, unique, seed, prefix };
        return host.HandleVideos(command, (parsed, context) => Run(context, new(
            parsed.GetRequiredValue(captions), parsed.GetRequiredValue(clip), new()
            {
                Selection = RuleOf(parsed.GetValue(rule)!, parsed.GetValue(joint)),
                KeepPerCaptioner = parsed.GetValue(keep),
                KeepOverall = parsed.GetValue(keep),
                MinimumScore = parsed.GetValue(minimum),
                RemoveDuplicates = parsed.GetValue(unique),
                Seed = parsed.GetValue(seed),
                Prefix = parsed.GetValue(prefix) ?? "",
            }, parsed.GetRequiredValue(output))));
    }

    private static CaptionSelectionRule RuleOf(string rule, bool joint) => (Rules[rule], joint) switch
    {
        (var alone, false) => alone,
        (CaptionSelectionRule.TopPerCaptioner, true) => CaptionSelectionRule.TopOverall,
        _ => throw new UsageException($"--joint: captioners compete by score; it does not go with --rule {rule}."),
    };

    private static int Run(CommandContext context, Settings settings)
    {
        var captions = new CaptionGroups(settings.Captions);
        using var claim = OutputFile.Claim(settings.Output);
        var mlContext = context.CreateMLContext();
        ModelReference.FindClip(mlContext, settings.Clip);      // a CLIPScore is a CLIP's
        using var model = ModelReference.Open(mlContext, settings.Clip);
        var scorer = new CaptionScorer(model.Encoder, settings.Selection);
        var reader = context.CreateFrameReader();
        using var file = new JsonLinesFile(settings.Output);
        WorkProgress.Show(context, progress =>
        {
            progress.Begin(Invariant($"scoring captions of {captions.Videos:#,0} videos"), captions.Videos);
            var scored = 0;
            foreach (var lines in captions.Read())
            {
                foreach (var one in Select(context, scorer, reader, model.FrameFormat, lines)) file.Write(Json(one));
                progress.Report(++scored);
            }
            return scored;
        });
        if (file.Lines > 0) file.Complete();
        var done = captions.Videos - context.Skipped.Count;
        context.Print(
            new { videos = done, captions = captions.Captions, kept = file.Lines, @out = settings.Output, skipped = context.SkippedJson },
            file.Lines > 0 ? [$"{settings.Output}: {file.Lines} of {captions.Captions} captions kept"] : []);
        return context.Finish(done);
    }

    private static IReadOnlyList<Kept> Select(
        CommandContext context, CaptionScorer scorer, VideoFrameReader reader, FrameFormat format, List<CaptionLine> lines)
    {
        var id = lines[0].Clip.VideoId;
        try
        {
            var times = lines.Select(line => line.Time!.Value).Distinct().Order().ToList();
            // Times count from the beginning of the video, also where the captions are about a part of it.
            var video = new VideoClip(id, lines[0].Clip.Path);
            var sampled = reader.Read(video, [FrameRequest.At(times, format)], context.Cancellation);
            if (lines.Find(line => ClipTimes.IsFarBehind(line.Time!.Value, End(sampled))) is { } late)
            {
                context.Skip(new(id, $"{late.Source.Error(Invariant($"\"time\" is {late.Time} s, and the video ends at {End(sampled):0.###} s; are these milliseconds?")).Message}"));
                return [];
            }
            var frames = lines.ConvertAll(line => times.IndexOf(line.Time!.Value));
            var kept = Keep(scorer, lines, frames, scorer.Score(sampled.Frames[0], lines.ConvertAll(line => line.Caption), frames));
            if (kept.Count == 0) context.Skip(new(id, "it has no caption with a text and a score"));
            return kept;
        }
        catch (VideoReadException e)
        {
            context.Skip(new(id, e.Reason));
            return [];
        }
    }

    /// <summary>When a video ends, by a player's clock: its picture may begin late.</summary>
    private static double End(SampledFrames sampled) => Math.Max(sampled.Duration, sampled.Times[0].Max());

    private static IReadOnlyList<Kept> Keep(CaptionScorer scorer, List<CaptionLine> lines, List<int> frames, double[] scores)
    {
        var captioners = lines.Select(line => line.Captioner).Distinct().ToList();
        var candidates = new Dictionary<ScoredCaption, CaptionLine>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < lines.Count; i++)
            candidates.Add(new(captioners.IndexOf(lines[i].Captioner), (int?)lines[i].Frame ?? frames[i], lines[i].Caption, scores[i]), lines[i]);
        return [.. scorer.Select(candidates.Keys).Select(caption => new Kept(candidates[caption], caption.Score))];
    }

    private static Dictionary<string, object> Json(Kept kept)
    {
        var line = new Dictionary<string, object>();
        foreach (var property in kept.Line.Source.Object.EnumerateObject()) line[property.Name] = property.Value;
        line["score"] = kept.Score;
        return line;
    }
}
