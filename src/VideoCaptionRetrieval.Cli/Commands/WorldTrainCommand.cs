using System.CommandLine;
using System.Globalization;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Experiments.ClosedWorld;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr world train: trains the small image models from scratch.</summary>
internal static class WorldTrainCommand
{
    private const int HeldOutImages = 1000;

    internal static Command Create(CommandHost host)
    {
        var output = CommonOptions.Output("The folder for clip, clipcap, blip and blip-retrieval; existing models are kept.", "DIR");
        var seed = WorldCommand.Seed("Seed of the still images, captions and training.");
        var command = new Command("train",
            "Train a small CLIP, ClipCap, BLIP, and BLIP for retrieval on labelled still images, from scratch, as those in models/ were.")
        {
            output, seed,
        };
        return host.Handle(command, (parsed, context) => Run(context, parsed.GetRequiredValue(output), parsed.GetValue(seed)));
    }

    private static int Run(CommandContext context, string folder, int seed)
    {
        ShippedModels.Make(folder, seed, new DirectProgress<string>(context.Report), context.Cancellation);
        var quality = ModelQuality.Measure(folder, seed, HeldOutImages, context.Cancellation);
        context.Print(
            new
            {
                models = folder,
                seed,
                textToImage = quality.TextToImage.ToDictionary(model => model.Key,
                    model => new { r1 = model.Value.RecallAt1, r5 = model.Value.RecallAt5, r10 = model.Value.RecallAt10 }),
                captions = quality.Captions,
            },
            [
                $"{folder}: clip, clipcap, blip, blip-retrieval; on {HeldOutImages} unseen still images:",
                .. quality.TextToImage.Select(model => Line(model.Key, model.Value)),
                .. quality.Captions.Select(captioner => Line(captioner.Key, captioner.Value)),
            ]);
        return ExitCode.Done;
    }

    private static string Line(string name, RetrievalMetrics found) => string.Create(CultureInfo.InvariantCulture,
        $"{name}: finds images by careful captions, R@1 {found.RecallAt1:0.0}, R@5 {found.RecallAt5:0.0}, R@10 {found.RecallAt10:0.0}");

    private static string Line(string name, CaptionPrecision share) => string.Create(CultureInfo.InvariantCulture,
        $"{name}: of what its captions say of them, is right: kinds {share.Kind:0} %, colours {share.Colour:0} %, colour with kind {share.Pair:0} %, scenes {share.Scene:0} %");
}
