namespace VideoCaptionRetrieval.Video.Decoding;

/// <summary>Ends the reading of one video after some time, or when its caller cancels.</summary>
internal sealed class ReadLimit : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _callers;

    internal ReadLimit(TimeSpan length, CancellationToken cancellationToken)
    {
        (Length, _callers) = (length, cancellationToken);
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _source.CancelAfter(length);
    }

    internal TimeSpan Length { get; }

    internal CancellationToken Token => _source.Token;

    /// <summary>Whether the time is over, not the caller's patience.</summary>
    internal bool IsReached => _source.IsCancellationRequested && !_callers.IsCancellationRequested;

    public void Dispose() => _source.Dispose();
}
