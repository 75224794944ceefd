namespace VideoCaptionRetrieval.Batching;

/// <summary>
/// One network for all cursors of a transformer: opened by the first computation, disposed with the transformer. Thread-safe.
/// A failed opening is tried again by the next caller.
/// </summary>
/// <param name="open">Opens the network.</param>
/// <param name="owner">The name of the transformer, for errors.</param>
public sealed class SharedNetwork<T>(Func<T> open, string owner) : IDisposable where T : class, IDisposable
{
    private readonly Lock _gate = new();
    private T? _network;
    private bool _disposed;

    /// <summary>Whether the network has been opened.</summary>
    internal bool IsOpen
    {
        get { lock (_gate) return _network is not null; }
    }

    /// <summary>The network, opened if it is not yet.</summary>
    public T Get()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, owner);
            return _network ??= open();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            _network?.Dispose();
            _network = null;
            _disposed = true;
        }
    }
}
