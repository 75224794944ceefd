namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>A checkpoint could not be fetched; the message says from where, what was found, and what to do.</summary>
internal sealed class HubException(string message, Exception? innerException = null) : IOException(message, innerException);
