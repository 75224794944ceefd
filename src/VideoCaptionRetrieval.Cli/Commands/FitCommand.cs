using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr fit: fine-tunes a CLIP on captions, which captioners write or a file holds, and saves it as one .zip.</summary>
internal static class FitCommand
{
    private const string CaptionsColumn = ImageCaptionerOptions.DefaultOutputColumnName;
    private const int DefaultSeed = 1;

    private sealed record Settings(IReadOnlyList<string> Paths, string Clip, IReadOnlyList<string> Captioners, string? Captions, GenerationOptions Generation, string Output)
    {
        public required int Epochs { get; init; }
        public required int BatchSize { get; init; }
        public required double LearningRate { get; init; }
        public required int? Frames { get; init; }
        public required int Seed { get; init; }
    }

    internal static Command Create(CommandHost host)
    {
        var paths = VideoInputs.Argument();
        var clip = new Option<string>("--clip") { Description = "The CLIP to start from: a checkpoint folder or a saved model.", Required = true };
        var captioners = NamedCaptioner.Option(required: false);
        var captions = new Option<string?>("--captions") { Description = "A .jsonl file with \"video\" and \"caption\", instead of captioners." };
        var output = new Option<string>("--out") { Description = "The model to write, one .zip.", Required = true };
        var epochs = Whole("--epochs", "How often every video is seen", MultiCaptionRetrievalOptions.DefaultEpochs, minimum: 1);
        var batchSize = Whole("--batch-size", "Videos in a step", MultiCaptionRetrievalOptions.DefaultBatchSize, minimum: 2);
        var learningRate = new Option<double>("--learning-rate")
        {
            Description = "Adam's rate at the first step; 1e-5 by default.",
            DefaultValueFactory = _ => MultiCaptionRetrievalOptions.DefaultLearningRate,
        };
        learningRate.Validators.Add(Validators.Positive());
        var frames = VideoInputs.FramesOption();
        var seed = Whole("--seed", "Seed of order and frames", DefaultSeed, minimum: int.MinValue);
        var decoding = new DecodingOptions();
        var command = new Command("fit", "Fine-tunes a CLIP on captions of videos.") { paths, clip, captioners, captions, output, epochs, batchSize, learningRate, frames, seed };
        decoding.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(captioners) is null == result.GetResult(captions) is null) result.AddError("Give --captioner NAME=DIR or --captions FILE, one of the two.");
        });
        return host.Handle(command, (parsed, context) => Run(context, new(
            parsed.GetRequiredValue(paths), parsed.GetRequiredValue(clip), parsed.GetValue(captioners) ?? [], parsed.GetValue(captions),
            decoding.Read(parsed), parsed.GetRequiredValue(output))
        {
            Epochs = parsed.GetValue(epochs),
            BatchSize = parsed.GetValue(batchSize),
            LearningRate = parsed.GetValue(learningRate),
            Frames = parsed.GetValue(frames),
            Seed = parsed.GetValue(seed),
        }));
    }

    private static int Run(CommandContext context, Settings settings)
    {
        var mlContext = context.CreateMLContext(settings.Seed);
        var clips = VideoListing.Read(settings.Paths);
        var captioners = NamedCaptioner.Parse(settings.Captioners);
        var captioned = settings.Captions is null ? null : CaptionedClips.Read(settings.Captions, clips);
        var (format, savedCount) = ModelReference.FrameFormatOf(mlContext, settings.Clip);
        var columns = NamedCaptioner.Columns([format, .. captioners.Select(captioner => captioner.Format)], settings.Frames ?? savedCount ?? FrameColumn.DefaultCount);
        var videos = captioned is null ? VideoInputs.Load(mlContext, clips) : CaptionedClips.Load(mlContext, clips, captioned);
        var checkpoint = ModelReference.CheckpointFolder(mlContext, settings.Clip);

        var store = settings.Output + ".captions";
        var sampler = VideoInputs.Sampler(mlContext, context, [.. columns.Values]);
        var model = WorkProgress.Show(context, $"training {clips.Count:#,0} videos", total: 1, progress =>
        {
            var trainer = mlContext.VideoRetrieval.Trainers.MultiCaption(checkpoint, TrainerOptions(context, settings, progress));
            return captioned is not null
                ? sampler.Append(trainer).Fit(videos)
                : sampler.Append(CaptionAndSelect(mlContext, context, settings, captioners, columns, checkpoint, format, store), TransformerScope.TrainTest).Append(trainer).Fit(videos);
        });
        using (model)
        {
            foreach (var skipped in model.LastTransformer.SkippedVideos) context.Skip(skipped);
            Save(mlContext, model.GetModelFor(TransformerScope.Scoring), videos.Schema, settings.Output);
        }
        if (Directory.Exists(store)) Directory.Delete(store, recursive: true);
        var trained = clips.Count - context.Skipped.Count;
        context.Print(
            new { model = settings.Output, videos = trained, epochs = settings.Epochs, skipped = context.SkippedJson },
            [$"{settings.Output}: trained on {trained} videos"]);
        return context.Finish(trained);
    }

    private static EstimatorChain<ClipScoreFilterTransformer> CaptionAndSelect(MLContext mlContext, CommandContext context, Settings settings,
        List<NamedCaptioner> captioners, Dictionary<FrameFormat, FrameColumn> columns, string checkpoint, FrameFormat format, string store) =>
        mlContext.Transforms.CaptionFrames(new ImageCaptionerOptions
        {
            OutputColumnName = CaptionsColumn,
            Captioners = [.. captioners.Select(captioner => captioner.Open(columns[captioner.Format], settings.Generation))],
            StorePath = store,
            CancellationToken = context.Cancellation,
        }).Append(mlContext.Transforms.FilterCaptionsByClipScore(new ClipScoreFilterOptions
        {
            CaptionsColumnName = CaptionsColumn,
            FramesColumnName = columns[format].Name,
            CheckpointFolder = checkpoint,
            CancellationToken = context.Cancellation,
        }));

    private static MultiCaptionRetrievalOptions TrainerOptions(CommandContext context, Settings settings, WorkProgress progress) => new()
    {
        Epochs = settings.Epochs,
        BatchSize = settings.BatchSize,
        LearningRate = settings.LearningRate,
        Seed = settings.Seed,
        CancellationToken = context.Cancellation,
        Progress = new DirectProgress<TrainingProgress>(step =>
        {
            progress.Report(step.Step, step.Steps);
            if (context.Verbose || step.Step == step.Steps)
                context.Say(string.Create(CultureInfo.InvariantCulture, $"epoch {step.Epoch} of {settings.Epochs}, step {step.Step} of {step.Steps}: loss {step.Loss:0.0000}"));
        }),
    };

    private static void Save(MLContext mlContext, ITransformer model, DataViewSchema schema, string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            mlContext.Model.Save(model, schema, temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static Option<int> Whole(string name, string what, int standard, int minimum)
    {
        var option = new Option<int>(name) { Description = $"{what}; {standard} by default.", DefaultValueFactory = _ => standard };
        option.Validators.Add(Validators.AtLeast(minimum));
        return option;
    }
}
