using System.CommandLine;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr fit: fine-tunes a CLIP on captions, which captioners write or a file holds, and saves it as one .zip.</summary>
internal static class FitCommand
{
    private const int MinVideos = 2;

    internal static Command Create(CommandHost host)
    {
        var command = new Command("fit", "Fine-tune a CLIP on captions of videos and save it as one file.");
        var captions = new Option<string?>("--captions") { Description = "Train on the captions of this file, lines with \"video\" and \"caption\".", HelpName = "FILE" };
        var inputs = new CaptionerInputs(command, captions);
        var clip = CommonOptions.Model("--clip", "The CLIP, or BLIP for retrieval, to start from");
        var scoreClip = new ModelOption(
            "--score-clip", "The CLIP that scores the captions; by default that of --clip. A BLIP for retrieval gives no CLIPScore and needs one.");
        var output = CommonOptions.Output("The model to write, one .zip.");
        var frames = CommonOptions.Frames();
        var weights = PathWeights.Option();
        var training = new TrainingOptions();
        foreach (var option in new Option[] { clip, scoreClip, output, frames, weights }) command.Options.Add(option);
        training.AddTo(command);
        return host.HandleVideos(command, (parsed, context) =>
        {
            var (paths, captioners) = inputs.Read(parsed);
            return Run(context, new(paths, parsed.GetRequiredValue(clip), captioners, parsed.GetValue(captions), parsed.GetRequiredValue(output))
            {
                ScoreClip = parsed.GetValue(scoreClip),
                Frames = parsed.GetValue(frames),
                Weights = parsed.GetValue(weights) ?? [],
                Training = training.Read(parsed),
            });
        });
    }

    private static int Run(CommandContext context, FitSettings settings)
    {
        var mlContext = context.CreateMLContext(settings.Training.Seed);
        var clips = VideoInputs.List(context, settings.Paths);
        RequireTwo(clips.Count, "the paths name");
        var weights = PathWeights.Resolve(clips, settings.Paths, settings.Weights);
        var captioners = settings.Captioners.Parse();
        var captions = settings.Captions is null ? null : TrainingClips.ReadCaptions(settings.Captions, clips);
        if (captions is not null) RequireTwo(captions.Count, $"'{settings.Captions}' has captions of");
        var run = new FitRun(mlContext, context, settings, clips, weights);
        if (captions is not null && settings.ScoreClip is not null) context.Report("--score-clip has no effect: captions of a file are not scored.");
        var scoreClip = captions is null ? run.RequireScoreClip() : null;
        using var claim = OutputFile.Claim(settings.Output);

        var model = WorkProgress.Show(context, progress =>
            captions is null ? run.TrainWithCaptioners(captioners, scoreClip, progress) : run.TrainWithCaptions(captions, progress));
        TrainingSummary? training;
        using (model)
        {
            training = model.LastTransformer.Training;
            foreach (var skipped in model.LastTransformer.SkippedVideos) context.Skip(skipped);
            AtomicFile.Create(settings.Output, temporary => mlContext.Model.Save(model.GetModelFor(TransformerScope.Scoring), VideoInputs.Load(mlContext, clips).Schema, temporary));
        }
        foreach (var folder in new[] { settings.CaptionStore, settings.Checkpoints })
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Print(context, settings, training!);
        return context.Finish(training!.Videos);
    }

    private static void Print(CommandContext context, FitSettings settings, TrainingSummary training)
    {
        var (frozen, tuned) = (training.ZeroShot?.RecallAt1, training.FineTuned?.RecallAt1);
        context.Print(
            new
            {
                model = settings.Output,
                videos = training.Videos,
                heldOut = training.HeldOut,
                steps = training.Steps,
                epochs = settings.Training.Epochs,
                skipped = context.SkippedJson,
                textToVideoR1 = new { frozen, tuned, queries = frozen is null ? null : training.AsksGivenQueries ? "given" : "captions" },
            },
            [$"{settings.Output}: trained on {training.Videos} videos", .. frozen is null ? Array.Empty<string>() : [HeldOut(settings, training)]]);
        if (tuned < frozen) context.Report("The tuned model finds fewer held-out videos than the frozen one: try a lower --learning-rate, or better captions.");
    }

    private static string HeldOut(FitSettings settings, TrainingSummary training)
    {
        var queries = training.AsksGivenQueries ? "the given queries"
            : settings.Captions is null ? "automatic captions, which are not what people ask for"
            : $"captions of '{settings.Captions}'";
        return Invariant($"{training.HeldOut} held-out videos, text-to-video R@1: {training.ZeroShot!.RecallAt1:0.0} frozen, ")
            + Invariant($"{training.FineTuned!.RecallAt1:0.0} tuned; {training.FineTuned.Queries} queries, {queries}");
    }

    private static void RequireTwo(int count, string subject)
    {
        if (count < MinVideos)
            throw new UserErrorException($"Training contrasts videos with each other and needs at least {MinVideos}; {subject} {count}.");
    }
}
