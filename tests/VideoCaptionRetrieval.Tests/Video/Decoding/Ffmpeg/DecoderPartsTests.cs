using System.Text;
using VideoCaptionRetrieval.Video.Decoding.Ffmpeg;
using VideoCaptionRetrieval.Video.Timeline;

namespace VideoCaptionRetrieval.Tests.Video.Decoding.Ffmpeg;

public sealed class DecoderPartsTests
{
    [Fact]
    public void SelectExpression_SeveralWindows_IsASearchTree()
    {
        Assert.Equal("0", SelectExpression.Build([]));
        Assert.Equal("if(lt(pts,7),eq(pts,-3),if(lt(pts,9),eq(pts,7),between(pts,9,12)))", SelectExpression.Build([new(-3, -3), new(7, 7), new(9, 12)]));
        Assert.Equal("1", SelectExpression.Build([.. Enumerable.Range(0, 1501).Select(i => new TimestampWindow(2 * i, 2 * i))]));
    }

    [Fact]
    public void DecodeLog_LinesOfItsFilters_GiveTimesAndNothingElseDoes()
    {
        var log = new DecodeLog([new(null, null, [new(512, 512)])]);
        var (segment, name) = (log.Segments[0], log.Segments[0].FilterName);
        Add(log, $"[{name} @ 0x55] [info] config in time_base: 1/12800, frame_rate: 25/1");
        Add(log, $"[{name} @ 0x55] [info] config out time_base: 0/0, frame_rate: 0/0");
        Add(log, $"[{name} @ 0x55] [info] n:   0 pts:      0 pts_time:0       pos:       48");
        Add(log, $"[{name} @ 0x55] [info] n:   1 pts:    512 pts_time:0.04    pos:     9032");
        Add(log, $"[{name} @ 0x55] [info] n:   2 pts:  NOPTS pts_time:NOPTS   pos:     9032");
        Add(log, "[showinfo@guess @ 0x55] [info] n:   3 pts:   1024 pts_time:0.08    pos:     9032");
        Add(log, $"    title : [{name} @ 0x55] [info] n:   3 pts:   1024");
        log.End();
        Assert.Equal([0, 512], segment.Timestamps);
        Assert.Equal(new TimeBase(1, 12800), segment.TimeBase);
        Assert.Equal(1, segment.Setups);
        Assert.True(log.TryTake(out var taken));
        Assert.Equal(512, taken);
        Assert.False(log.TryTake(out _));
        Assert.False(log.SpokeOfDamage);
    }

    [Fact]
    public void DecodeLog_SegmentsLogAtOnce_PicturesGoToTheirOwn()
    {
        var log = new DecodeLog([new(null, 1, []), new(90, 200, [new(100, 110)]), new(390, 500, [new(400, 400)])]);
        foreach (var (segment, timestamp) in new[] { (1, 95), (2, 400), (0, 0), (1, 100), (1, 110) })
            Add(log, $"[{log.Segments[segment].FilterName} @ 0x55] [info] n:   0 pts:{timestamp,7} pts_time:0");
        foreach (var segment in new[] { 1, 1, 2 }) Add(log, $"[{log.PictureFilter} @ 0x55] [info] segment={segment}");
        Add(log, "[warning] v.mp4: corrupt decoded frame in stream 0");
        log.End();
        var taken = new List<long>();
        while (log.TryTake(out var timestamp)) taken.Add(timestamp);
        Assert.Equal([100, 110, 400], taken);
        Assert.True(log.SpokeOfDamage);
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

    private static void Add(DecodeLog log, string line) => log.Add(Encoding.UTF8.GetBytes(line));
}
