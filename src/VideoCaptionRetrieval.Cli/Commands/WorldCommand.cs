using System.CommandLine;
using VideoCaptionRetrieval.Cli.Inputs;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr world: the closed world of coloured shapes.</summary>
internal static class WorldCommand
{
    internal static Command Create(CommandHost host) => new("world", "Render a closed world of coloured shapes, train small models on it, try the method in it.")
    {
        WorldMakeCommand.Create(host), WorldTrainCommand.Create(host), WorldProveCommand.Create(host),
    };

    /// <summary>--seed.</summary>
    internal static Option<int> Seed(string description) => CommonOptions.Whole("--seed", description, standard: 1, minimum: 0);

    /// <summary>--gap.</summary>
    internal static Option<double> Gap()
    {
        var option = new Option<double>("--gap")
        {
            Description = "Domain gap between videos and still images: clutter, blur, noise, colour casts; 0 = as small as possible.",
            HelpName = "X",
            DefaultValueFactory = _ => Experiments.ShapeWorldOptions.DefaultGap,
        };
        option.Validators.Add(Validators.Between(0, double.MaxValue));
        return option;
    }
}
