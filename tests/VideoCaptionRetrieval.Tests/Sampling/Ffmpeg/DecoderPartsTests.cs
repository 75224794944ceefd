using System.Text;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.Sampling.Ffmpeg;

namespace VideoCaptionRetrieval.Tests.Sampling.Ffmpeg;

public sealed class DecoderPartsTests
{
    [Fact]
    public void SelectExpression_SeveralTimestamps_IsASearchTree()
    {
        Assert.Equal("0", SelectExpression.Of(new HashSet<long>()));
        Assert.Equal("if(lt(pts,7),eq(pts,-3),if(lt(pts,9),eq(pts,7),eq(pts,9)))", SelectExpression.Of(new HashSet<long> { 9, -3, 7 }));
        Assert.Throws<ArgumentException>(() => SelectExpression.Of(Enumerable.Range(0, 2001).Select(i => (long)i).ToHashSet()));
    }

    [Fact]
    public void ShowinfoLog_LinesOfItsFilter_GiveTimesAndNothingElseDoes()
    {
        var log = new ShowinfoLog(new HashSet<long> { 512 });
        Add(log, $"[{log.FilterName} @ 0x55] [info] config in time_base: 1/12800, frame_rate: 25/1");
        Add(log, $"[{log.FilterName} @ 0x55] [info] config out time_base: 0/0, frame_rate: 0/0");
        Add(log, $"[{log.FilterName} @ 0x55] [info] n:   0 pts:      0 pts_time:0       pos:       48");
        Add(log, $"[{log.FilterName} @ 0x55] [info] n:   1 pts:    512 pts_time:0.04    pos:     9032");
        Add(log, $"[{log.FilterName} @ 0x55] [info] n:   2 pts:  NOPTS pts_time:NOPTS   pos:     9032");
        Add(log, "[showinfo@guess @ 0x55] [info] n:   3 pts:   1024 pts_time:0.08    pos:     9032");
        Add(log, $"    title : [{log.FilterName} @ 0x55] [info] n:   3 pts:   1024");
        log.End();
        Assert.Equal([0, 512], log.Timestamps);
        Assert.Equal(new TimeBase(1, 12800), log.TimeBase);
        Assert.True(log.TryTake(out var taken));
        Assert.Equal(512, taken);
        Assert.False(log.TryTake(out _));
    }

    [Fact]
    public void PortablePixmapReader_PicturesInSmallPieces_AreWhole()
    {
        byte[] stream = [.. "P6\n2 1\n255\n"u8, 1, 2, 3, 4, 5, 6, .. "P6\n1 1\n255\n"u8, 7, 8, 9, .. "P6\n1 2\n255\n"u8, 1];
        var at = 0;
        using var reader = new PortablePixmapReader(buffer =>
        {
            if (at == stream.Length) return 0;
            buffer[0] = stream[at++];
            return 1;
        }, 100);
        Assert.True(reader.Read());
        Assert.Equal([1, 2, 3, 4, 5, 6], reader.Pixels.ToArray());
        Assert.True(reader.Read());
        Assert.Equal([7, 8, 9], reader.Pixels.ToArray());
        Assert.False(reader.Read());
    }

    [Theory]
    [InlineData("P5\n1 1\n255\n")]
    [InlineData("P6\n0 1\n255\n")]
    [InlineData("P6\n11 10\n255\n")]
    [InlineData("P6\n1 1\n65535\n")]
    [InlineData("P6\nx 1\n255\n")]
    [InlineData("P6\n99999999999999999999 1\n255\n")]
    public void PortablePixmapReader_NoSuchPicture_IsAnError(string header)
    {
        var stream = new MemoryStream(Encoding.ASCII.GetBytes(header));
        using var reader = new PortablePixmapReader(stream.Read, 100);
        Assert.Throws<InvalidDataException>(() => reader.Read());
    }

    private static void Add(ShowinfoLog log, string line) => log.Add(Encoding.UTF8.GetBytes(line));
}
