using System.Globalization;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Tests.Tokenization;

public sealed class PieceCacheTests
{
    [Fact]
    public void IdsOf_SamePieceAgain_MergesOnce()
    {
        var merged = 0;
        var cache = new PieceCache(piece => [++merged, piece.Length]);
        Assert.Equal([1, 3], cache.IdsOf("dog"));
        Assert.Equal([1, 3], cache.IdsOf("dog"));
        Assert.Equal([2, 4], cache.IdsOf("frog"));
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void IdsOf_MoreThanFits_StaysRightAndBounded()
    {
        var cache = new PieceCache(piece => [int.Parse(piece, CultureInfo.InvariantCulture)], capacity: 10);
        for (var round = 0; round < 2; round++)
            for (var i = 0; i < 100; i++) Assert.Equal([i], cache.IdsOf($"{i}"));
        Assert.Equal(10, cache.Count);
    }

    [Fact]
    public void IdsOf_PieceThatIsNoWord_IsNotKept()
    {
        var cache = new PieceCache(piece => [piece.Length]);
        Assert.Equal([PieceCache.MaxPieceLength + 1], cache.IdsOf(new string('a', PieceCache.MaxPieceLength + 1)));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void IdsOf_FromManyThreads_RightAndBounded()
    {
        var cache = new PieceCache(piece => [int.Parse(piece, CultureInfo.InvariantCulture)], capacity: 100);
        Parallel.For(0, 20_000, i => Assert.Equal([i % 300], cache.IdsOf($"{i % 300}")));
        Assert.InRange(cache.Count, 1, 100);
    }
}
