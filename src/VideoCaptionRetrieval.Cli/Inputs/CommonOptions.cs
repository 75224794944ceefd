using System.CommandLine;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Shapes of options that several commands take.</summary>
internal static class CommonOptions
{
    /// <summary>A checkpoint or a saved model.</summary>
    internal static ModelOption Model(string name, string description) =>
        new(name, $"{description}: a name of 'vcr models list', OWNER/NAME of the hub, a folder, a file, or a saved model.") { Required = true };

    /// <summary>--out.</summary>
    internal static Option<string> Output(string description, string kind = "FILE") =>
        new("--out") { Description = description, HelpName = kind, Required = true };

    /// <summary>--work, of experiments.</summary>
    internal static Option<string?> Work() =>
        new("--work") { Description = "Keep videos, frames and captions here for later runs; default DIR/work.", HelpName = "DIR" };

    /// <summary>--results.</summary>
    internal static Option<string?> Results() => new("--results")
    {
        Description = "Keep the result of each condition and seed here, and take up those that lie here; default results in the folder of --work.",
        HelpName = "DIR",
    };

    /// <summary>The folder of --work; by default it lies in the output's.</summary>
    internal static string WorkFolder(string? given, string output) => given ?? Path.Combine(output, "work");

    /// <summary>--frames, or another name for it: the default is a saved model's own count.</summary>
    internal static Option<int?> Frames(string name = "--frames")
    {
        var option = new Option<int?>(name)
        {
            Description = $"Frames per video; default a saved model's own count, else {FrameColumn.DefaultCount}.",
            HelpName = "N",
        };
        option.Validators.Add(Validators.WholeBetween(1, MaxFrames));
        return option;
    }

    /// <summary>The most frames of a video that a command takes: more do not fit into one array at usual sizes.</summary>
    internal const int MaxFrames = 10_000;

    /// <summary>A whole number with a default, which the help shows.</summary>
    internal static Option<int> Whole(string name, string description, int standard, int minimum, int maximum = int.MaxValue)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
        option.Validators.Add(maximum == int.MaxValue ? Validators.AtLeast(minimum) : Validators.WholeBetween(minimum, maximum));
        return option;
    }
}
