namespace VideoCaptionRetrieval.TestSupport;

/// <summary>Collects garbage on a thread of its own, without a pause, and runs the finalizers, until it is disposed.</summary>
public sealed class GarbageCollections : IDisposable
{
    private readonly CancellationTokenSource _enough = new();
    private readonly Thread _thread;

    /// <summary>Starts.</summary>
    public GarbageCollections()
    {
        _thread = new(Collect);
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _enough.Cancel();
        _thread.Join();
        _enough.Dispose();
    }

    private void Collect()
    {
        while (!_enough.IsCancellationRequested)
        {
            GC.Collect(0);
            GC.WaitForPendingFinalizers();
        }
    }
}
