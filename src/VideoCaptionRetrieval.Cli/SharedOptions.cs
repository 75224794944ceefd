using System.CommandLine;

namespace VideoCaptionRetrieval.Cli;

/// <summary>Options that every command takes.</summary>
internal sealed class SharedOptions
{
    internal Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON document on stdout and nothing else.",
        Recursive = true,
    };

    internal Option<bool> Strict { get; } = new("--strict")
    {
        Description = "Exit with 1 where anything was skipped.",
        Recursive = true,
    };

    internal Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Print the library's log and, for faults, the stack trace.",
        Recursive = true,
    };

    internal Option<int?> Gpu { get; } = new("--gpu")
    {
        Description = "Number of the CUDA device; without it the CPU computes.",
        Recursive = true,
    };

    internal void AddTo(RootCommand root)
    {
        root.Options.Add(Json);
        root.Options.Add(Strict);
        root.Options.Add(Verbose);
        root.Options.Add(Gpu);
    }
}
