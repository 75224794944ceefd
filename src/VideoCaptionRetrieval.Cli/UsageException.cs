namespace VideoCaptionRetrieval.Cli;

/// <summary>The command line parses, but its options do not fit together.</summary>
internal sealed class UsageException(string message) : Exception(message);
