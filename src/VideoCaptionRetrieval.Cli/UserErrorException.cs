namespace VideoCaptionRetrieval.Cli;

/// <summary>Something outside the program is wrong; the message is all that a person needs.</summary>
internal sealed class UserErrorException(string message) : Exception(message);
