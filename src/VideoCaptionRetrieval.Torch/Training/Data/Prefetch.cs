using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>
/// Produces values on another thread, a bounded number ahead of the consumer. The order stays, and so does the error: the consumer
/// gets it behind the values made before it. Dispose stops the producer and disposes the values that were not taken.
/// </summary>
internal sealed class Prefetch<T> : IDisposable
    where T : IDisposable
{
    private readonly BlockingCollection<T> _ready;
    private readonly CancellationTokenSource _stop;
    private readonly Task _producer;
    private readonly Stopwatch _wait = new();
    private ExceptionDispatchInfo? _failure;

    /// <summary>Starts producing at once.</summary>
    /// <param name="produce">Produces the values, lazily; called on the producer's thread.</param>
    /// <param name="ahead">How many finished values may wait.</param>
    /// <param name="cancellationToken">Stops the producer.</param>
    internal Prefetch(Func<CancellationToken, IEnumerable<T>> produce, int ahead, CancellationToken cancellationToken)
    {
        _ready = new(ahead);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _producer = Task.Factory.StartNew(() =>
            Produce(produce), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>How long the consumer has waited for values.</summary>
    internal TimeSpan Wait => _wait.Elapsed;

    /// <summary>The values in order; the caller disposes each.</summary>
    internal IEnumerable<T> Take()
    {
        using var values = _ready.GetConsumingEnumerable().GetEnumerator();
        while (MoveNext(values)) yield return values.Current;
        _failure?.Throw();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _producer.Wait();
        while (_ready.TryTake(out var value)) value.Dispose();
        _ready.Dispose();
        _stop.Dispose();
    }

    private bool MoveNext(IEnumerator<T> values)
    {
        _wait.Start();
        var more = values.MoveNext();
        _wait.Stop();
        return more;
    }

    private void Produce(Func<CancellationToken, IEnumerable<T>> produce)
    {
        try
        {
            foreach (var value in produce(_stop.Token)) Enqueue(value);
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);        // read after CompleteAdding, which is a barrier
        }
        finally
        {
            _ready.CompleteAdding();
        }
    }

    private void Enqueue(T value)
    {
        try
        {
            _ready.Add(value, _stop.Token);
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }
}
