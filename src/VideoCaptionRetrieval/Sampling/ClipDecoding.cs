namespace VideoCaptionRetrieval.Sampling;

/// <summary>
/// The decoding of one clip in the background, as soon as it is its turn. On a thread of its own: it waits for other programs, for which
/// a pool's threads are too few. Started, cancelled and awaited by one thread.
/// </summary>
internal sealed class ClipDecoding : IDisposable
{
    private readonly CancellationTokenSource _cancelled;
    private readonly Task<DecodedClip> _task;

    /// <param name="turns">One for each clip that may be decoded now; given in the order in which they are asked for.</param>
    /// <param name="decode">Decodes the clip.</param>
    /// <param name="cancellationToken">Ends the decoding.</param>
    internal ClipDecoding(SemaphoreSlim turns, Func<CancellationToken, DecodedClip> decode, CancellationToken cancellationToken)
    {
        _cancelled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _task = Run(turns, decode, _cancelled.Token);
    }

    /// <summary>Waits for the values, or throws what the decoding threw.</summary>
    internal DecodedClip Result => _task.GetAwaiter().GetResult();

    /// <summary>Whether nothing runs any more.</summary>
    internal bool HasEnded => _task.IsCompleted;

    /// <summary>Says that nobody will ask for the values.</summary>
    internal void Cancel() => _cancelled.Cancel();

    /// <summary>Waits until nothing runs any more, however it ended.</summary>
    public void Dispose()
    {
        // Nobody asks for this row any more, so its fault is nobody's.
        ((IAsyncResult)_task).AsyncWaitHandle.WaitOne();
        _ = _task.Exception;
        _cancelled.Dispose();
    }

    private static async Task<DecodedClip> Run(
        SemaphoreSlim turns, Func<CancellationToken, DecodedClip> decode, CancellationToken cancelled)
    {
        await turns.WaitAsync(cancelled).ConfigureAwait(false);
        try
        {
            return await Task.Factory.StartNew(() => decode(cancelled), cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
        finally
        {
            turns.Release();
        }
    }
}
