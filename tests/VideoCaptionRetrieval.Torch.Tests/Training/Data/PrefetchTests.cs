using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Tests.Training.Data;

public sealed class PrefetchTests
{
    private sealed class CountingDisposal(int number) : IDisposable
    {
        internal int Number => number;
        internal bool IsDisposed { get; private set; }
        public void Dispose() => IsDisposed = true;
    }

    private readonly List<CountingDisposal> _made = [];

    private IEnumerable<CountingDisposal> Make(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var value = new CountingDisposal(i);
            lock (_made) _made.Add(value);
            yield return value;
        }
    }

    [Fact]
    public void Take_AllValues_InOrder()
    {
        using var prefetch = new Prefetch<CountingDisposal>(_ => Make(50), ahead: 2, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 50), prefetch.Take().Select(value => value.Number));
    }

    [Fact]
    public void Take_ProducerFails_ErrorBehindTheValues()
    {
        using var prefetch = new Prefetch<CountingDisposal>(
            _ => Make(3).Concat(Enumerable.Range(0, 1).Select(CountingDisposal (_) => throw new InvalidDataException("broken"))), ahead: 1, CancellationToken.None);
        var seen = new List<int>();

        var e = Assert.Throws<InvalidDataException>(() => seen.AddRange(prefetch.Take().Select(value => value.Number)));

        Assert.Equal("broken", e.Message);
        Assert.Equal([0, 1, 2], seen);
    }

    [Fact]
    public void Dispose_InTheMiddle_StopsAndDisposesWhatNobodyTook()
    {
        var prefetch = new Prefetch<CountingDisposal>(_ => Make(int.MaxValue), ahead: 2, CancellationToken.None);
        var taken = prefetch.Take().Take(3).ToList();

        prefetch.Dispose();

        Assert.InRange(_made.Count, 3, 3 + 2 + 1);       // two waiting, one in the producer's hand
        Assert.All(_made.Except(taken), value => Assert.True(value.IsDisposed));
        Assert.All(taken, value => Assert.False(value.IsDisposed));
    }

    [Fact]
    public void Take_Cancelled_Throws()
    {
        using var cancel = new CancellationTokenSource();
        using var prefetch = new Prefetch<CountingDisposal>(_ => Make(int.MaxValue), ahead: 1, cancel.Token);

        cancel.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => prefetch.Take().ToList());
    }
}
