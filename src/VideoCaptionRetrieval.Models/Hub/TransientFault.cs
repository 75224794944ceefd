namespace VideoCaptionRetrieval.Models.Hub;

/// <summary>Something went wrong on the way that may go right when it is tried again.</summary>
/// <param name="reason">What happened.</param>
/// <param name="wait">How long the server asks to wait; null = it does not say.</param>
/// <param name="innerException">The cause, if there is one.</param>
internal sealed class TransientFault(string reason, TimeSpan? wait = null, Exception? innerException = null)
    : Exception(reason, innerException)
{
    internal TimeSpan? Wait { get; } = wait;
}
