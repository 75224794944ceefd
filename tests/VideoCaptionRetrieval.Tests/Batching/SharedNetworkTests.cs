using VideoCaptionRetrieval.Batching;

namespace VideoCaptionRetrieval.Tests.Batching;

public sealed class SharedNetworkTests
{
    private sealed class Network : IDisposable
    {
        internal bool Disposed { get; private set; }
        public void Dispose() => Disposed = true;
    }

    [Fact]
    public void Get_ManyThreads_OpensOnceAndDisposesOnce()
    {
        var opened = 0;
        var shared = new SharedNetwork<Network>(() => { opened++; return new(); }, "Owner");
        Assert.False(shared.IsOpen);
        var networks = new Network[16];
        Parallel.For(0, networks.Length, i => networks[i] = shared.Get());
        Assert.Equal(1, opened);
        Assert.Single(networks.Distinct());
        shared.Dispose();
        Assert.True(networks[0].Disposed);
        Assert.Throws<ObjectDisposedException>(shared.Get);
    }

    [Fact]
    public void Get_OpeningFails_NextCallTriesAgain()
    {
        var calls = 0;
        using var shared = new SharedNetwork<Network>(() => calls++ == 0 ? throw new IOException("first") : new(), "Owner");
        Assert.Throws<IOException>(shared.Get);
        Assert.NotNull(shared.Get());
    }

    [Theory]
    [InlineData(64, 10, 6)]
    [InlineData(8, 10, 1)]
    [InlineData(64, 0, 64)]
    public void Rows_ImagesAndImagesPerRow_AtLeastOneRow(int images, int perRow, int expected) => Assert.Equal(expected, MicroBatch.Rows(images, perRow));
}
