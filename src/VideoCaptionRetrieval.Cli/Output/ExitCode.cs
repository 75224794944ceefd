namespace VideoCaptionRetrieval.Cli.Output;

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

/// <summary>The command line parses, but its options do not fit together.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Something outside the program is wrong; the message is all that a person needs.</summary>
internal sealed class UserErrorException(string message, Exception? cause = null) : Exception(message, cause);
