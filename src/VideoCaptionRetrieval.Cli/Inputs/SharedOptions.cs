using System.CommandLine;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Options that every command takes.</summary>
internal sealed class SharedOptions
{
    internal Option<bool> Json { get; } = Flag("--json", "Print one JSON document on stdout and nothing else.");

    internal Option<bool> Strict { get; } = Flag("--strict", "Exit with 1 if anything was skipped.");

    internal Option<bool> Verbose { get; } = Flag("--verbose", "Print the library's log and, for faults, the stack trace.");

    internal Option<int?> Gpu { get; } = new("--gpu")
    {
        Description = "Compute on this CUDA device; default the CPU.",
        HelpName = "NUMBER",
        Recursive = true,
    };

    internal void AddTo(RootCommand root)
    {
        Gpu.Validators.Add(Validators.AtLeast(0));
        foreach (var option in new Option[] { Json, Strict, Verbose, Gpu }) root.Options.Add(option);
    }

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description, Recursive = true };
}
