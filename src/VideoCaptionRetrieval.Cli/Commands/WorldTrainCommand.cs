using System.CommandLine;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Experiments.Proofs;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr world train: makes the small image models from nothing.</summary>
internal static class WorldTrainCommand
{
    internal static Command Create(CommandHost host)
    {
        var output = CommonOptions.Output("The folder that gets clip, blip and clipcap; a model that is there already stays.", "DIR");
        var seed = WorldCommand.Seed("Seed of the still images, their captions, and the training.");
        var command = new Command("train", "Trains a small CLIP, BLIP and ClipCap on labelled still images, from nothing: the models in models/ were made so.") { output, seed };
        return host.Handle(command, (parsed, context) => Run(context, parsed.GetRequiredValue(output), parsed.GetValue(seed)));
    }

    private static int Run(CommandContext context, string folder, int seed)
    {
        ShippedModels.Make(folder, seed, new DirectProgress<string>(context.Say), context.Cancellation);
        context.Print(new { models = folder, seed }, [$"{folder}: clip, blip, clipcap"]);
        return ExitCode.Done;
    }
}
