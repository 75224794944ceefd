using System.CommandLine;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr captions: what can be done with a store of captions.</summary>
internal static class CaptionsCommand
{
    internal static Command Create(CommandHost host) => new("captions", "Merges, counts, exports and imports stores of captions.")
    {
        CaptionsMergeCommand.Create(host), CaptionsStatsCommand.Create(host), CaptionsExportCommand.Create(host), CaptionsImportCommand.Create(host),
    };
}
