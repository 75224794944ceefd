namespace VideoCaptionRetrieval.Cli;

/// <summary>What the tool's exit codes mean.</summary>
internal static class ExitCode
{
    /// <summary>At least one item was done.</summary>
    internal const int Done = 0;

    /// <summary>Nothing could be done, or something was skipped under --strict.</summary>
    internal const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    internal const int Usage = 2;

    /// <summary>Ended by Ctrl-C (128 + SIGINT).</summary>
    internal const int Cancelled = 130;
}
