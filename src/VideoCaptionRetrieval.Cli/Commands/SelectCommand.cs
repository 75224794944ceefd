using System.CommandLine;
using System.Text.Json;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.Scoring;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr select: keeps the captions that fit their frames best, by CLIPScore.</summary>
internal static class SelectCommand
{
    private sealed record Settings(string Captions, string Clip, int Keep, bool Joint, string Prefix, string Output);

    private sealed record Kept(CaptionLine Line, double Score);

    internal static Command Create(CommandHost host)
    {
        var captions = new Argument<string>("CAPTIONS") { Description = "A .jsonl file that 'vcr caption' wrote." };
        var clip = new Option<string>("--clip") { Description = "The CLIP that scores: a checkpoint folder or a saved model.", Required = true };
        var keep = new Option<int>("--keep")
        {
            Description = $"Captions to keep of each captioner, or with --joint in all; {ClipScoreFilterOptions.DefaultKeepPerCaptioner} by default.",
            DefaultValueFactory = _ => ClipScoreFilterOptions.DefaultKeepPerCaptioner,
        };
        keep.Validators.Add(Validators.AtLeast(1));
        var joint = new Option<bool>("--joint") { Description = "Let all captioners of a video compete." };
        var prefix = new Option<string>("--prefix") { Description = "Text before every caption when it is scored, such as 'A photo depicts '.", DefaultValueFactory = _ => "" };
        var output = new Option<string>("--out") { Description = "The file to write: the kept lines with \"score\".", Required = true };
        var command = new Command("select", "Keeps the best captions by CLIPScore.") { captions, clip, keep, joint, prefix, output };
        return host.Handle(command, (parsed, context) => Run(context, new(
            parsed.GetRequiredValue(captions), parsed.GetRequiredValue(clip), parsed.GetValue(keep), parsed.GetValue(joint),
            parsed.GetValue(prefix) ?? "", parsed.GetRequiredValue(output))));
    }

    private static int Run(CommandContext context, Settings settings)
    {
        var lines = CaptionLine.ReadFile(settings.Captions);
        if (lines.FirstOrDefault(line => line.Time is null) is { } untimed)
            throw new UserErrorException($"'{settings.Captions}': \"time\" is missing in '{untimed.Json.GetRawText()}'; expected the second of the captioned frame.");
        using var model = ModelReference.Open(context.CreateMLContext(), settings.Clip);
        var encoder = model.Encoder;
        var reader = new VideoFrameReader(new FfmpegOptions());
        var videos = lines.GroupBy(line => line.Clip.VideoId).Select(group => group.ToList()).ToList();
        var kept = WorkProgress.Show(context, $"scoring captions of {videos.Count:#,0} videos", videos.Count, progress =>
        {
            var all = new List<Kept>();
            for (var video = 0; video < videos.Count; progress.Report(++video)) all.AddRange(Select(context, settings, encoder, reader, videos[video]));
            return all;
        });
        if (kept.Count > 0) JsonLinesFile.Write(settings.Output, kept.Select(Json));
        var done = videos.Count - context.Skipped.Count;
        context.Print(
            new { videos = done, captions = lines.Count, kept = kept.Count, @out = settings.Output, skipped = context.SkippedJson },
            kept.Count > 0 ? [$"{settings.Output}: {kept.Count} of {lines.Count} captions kept"] : []);
        return context.Finish(kept.Count);
    }

    private static IEnumerable<Kept> Select(CommandContext context, Settings settings, IDualEncoder encoder, VideoFrameReader reader, List<CaptionLine> lines)
    {
        try
        {
            var scores = Score(context, settings, encoder, reader, lines);
            var captioners = lines.Select(line => line.Captioner).Distinct().ToList();
            var candidates = lines.Select((line, index) => new ScoredCaption(captioners.IndexOf(line.Captioner), index, line.Caption, scores[index])).ToList();
            var selection = new CaptionSelection();
            var chosen = settings.Joint ? selection.TopJoint(candidates, settings.Keep) : selection.TopPerCaptioner(candidates, settings.Keep);
            return chosen.OrderBy(caption => caption.Captioner).Select(caption => new Kept(lines[caption.Frame], caption.Score));
        }
        catch (VideoReadException e)
        {
            context.Skip(new(lines[0].Clip.VideoId, e.Reason));
            return [];
        }
    }

    /// <summary>The CLIPScore of each line: its text against the frame at its time.</summary>
    private static double[] Score(CommandContext context, Settings settings, IDualEncoder encoder, VideoFrameReader reader, List<CaptionLine> lines)
    {
        var times = lines.Select(line => line.Time!.Value).Distinct().Order().ToList();
        var whole = lines[0].Clip with { Start = double.NaN, End = double.NaN };
        var sampled = reader.Read(whole, [FrameRequest.At(times, encoder.FrameFormat)], context.Cancellation);
        var (frames, texts) = (new float[times.Count * encoder.Dimension], new float[lines.Count * encoder.Dimension]);
        encoder.EmbedFrames(sampled.Frames[0], times.Count, frames);
        encoder.EmbedTexts([.. lines.Select(line => settings.Prefix + line.Caption)], texts);
        return [.. lines.Select((line, index) => QueryScoring.ClipScore(
            frames.AsSpan(times.IndexOf(line.Time!.Value) * encoder.Dimension, encoder.Dimension), texts.AsSpan(index * encoder.Dimension, encoder.Dimension)))];
    }

    private static Dictionary<string, object> Json(Kept kept)
    {
        var line = kept.Line.Json.EnumerateObject().ToDictionary(property => property.Name, property => (object)property.Value);
        line["score"] = JsonSerializer.SerializeToElement(kept.Score);
        return line;
    }
}
