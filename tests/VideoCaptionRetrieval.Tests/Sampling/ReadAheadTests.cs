using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Tests.Video;

namespace VideoCaptionRetrieval.Tests.Sampling;

/// <summary>Decoding goes on while the consumer of a cursor works, within bounds, and results do not depend on it.</summary>
public sealed class ReadAheadTests
{
    private static readonly TimeSpan _longEnough = TimeSpan.FromSeconds(30);
    private static readonly FrameColumn _column = new("Frames", new FrameFormat(2), count: 3);
    private static readonly long _bytesPerRow = 3 * 12;

    private readonly MLContext _context = new(seed: 1);
    private readonly CountingFrameReader _reader = new();

    private IDataView Videos(int count) => _context.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new { VideoPath = $"v{i}" }));

    private FrameSamplerTransformer Create(FrameSamplerTransformer.ReadFrames read, int parallel, long bytes = 1 << 20, CancellationToken cancellation = default) =>
        new(_context, new FrameSamplerOptions { Columns = [_column], ParallelVideos = parallel, ReadAheadBytes = bytes, CancellationToken = cancellation }, read);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1 << 20)]
    [InlineData(2, 100)]
    [InlineData(8, 0)]
    [InlineData(8, 1 << 20)]
    public void GetColumn_AnyDegreeAndMemory_SameRowsInOrder(int parallel, long bytes)
    {
        var slower = Create((clip, requests, cancellation) =>
        {
            // Later rows are often done first.
            if (clip.Path[^1] % 2 == 0) Thread.Yield();
            return _reader.Read(clip, requests, cancellation);
        }, parallel, bytes);
        var rows = slower.Transform(Videos(50)).GetColumn<byte[]>("Frames").ToList();
        Assert.Equal(Enumerable.Range(0, 50), rows.Select(frames => (int)frames[0]));
        Assert.Equal(50, _reader.Calls.Count);
    }

    [Fact]
    public void MoveNext_WhileTheConsumerWorks_LaterRowsAreDecoded()
    {
        using var third = new ManualResetEventSlim();
        var transformer = Create((clip, requests, cancellation) =>
        {
            if (clip.Path == "v3") third.Set();
            return _reader.Read(clip, requests, cancellation);
        }, parallel: 1);
        var view = transformer.Transform(Videos(9));
        using var cursor = view.GetRowCursor([view.Schema["Frames"]]);
        var getter = cursor.GetGetter<VBuffer<byte>>(view.Schema["Frames"]);
        VBuffer<byte> frames = default;
        cursor.MoveNext();
        Assert.Empty(_reader.Calls);                                 // nobody has asked for a value yet
        getter(ref frames);
        // The consumer is at row 0 and asks for nothing.
        Assert.True(third.Wait(_longEnough), "row 3 was not decoded");
    }

    [Theory]
    [InlineData(2, 5, 5)]
    [InlineData(2, 1000, 8)]                                         // four rows for each decoder
    [InlineData(4, 0, 1)]
    public void GetGetter_ConsumerStays_NoMoreRowsThanTheBound(int parallel, int rows, int expected)
    {
        var transformer = Create(_reader.Read, parallel, rows * _bytesPerRow);
        var view = transformer.Transform(Videos(40));
        using (var cursor = view.GetRowCursor([view.Schema["Frames"]]))
        {
            VBuffer<byte> frames = default;
            cursor.MoveNext();
            cursor.GetGetter<VBuffer<byte>>(view.Schema["Frames"])(ref frames);
            SpinWait.SpinUntil(() => _reader.Calls.Count >= expected, _longEnough);
        }
        // Disposing waits for what was under way; nothing was started beyond the bound.
        Assert.InRange(_reader.Calls.Count, 1, expected);
    }

    [Fact]
    public void GetRowCursorSet_SeveralCursors_ShareTheDecoders()
    {
        var (now, most) = (0, 0);
        var transformer = Create((clip, requests, cancellation) =>
        {
            var running = Interlocked.Increment(ref now);
            InterlockedMax(ref most, running);
            Thread.Yield();
            Interlocked.Decrement(ref now);
            return _reader.Read(clip, requests, cancellation);
        }, parallel: 2);
        var view = transformer.Transform(Videos(60));
        var cursors = view.GetRowCursorSet([view.Schema["Frames"]], 3);
        Parallel.ForEach(cursors, cursor =>
        {
            using (cursor)
            {
                var getter = cursor.GetGetter<VBuffer<byte>>(view.Schema["Frames"]);
                VBuffer<byte> frames = default;
                while (cursor.MoveNext()) getter(ref frames);
            }
        });
        Assert.InRange(most, 1, 2);
        Assert.Equal(60, _reader.Calls.Count);
    }

    [Fact]
    public void Dispose_WhileRowsAreDecoded_CancelsThemAndWaits()
    {
        using var started = new CountdownEvent(2);
        var running = 0;
        var transformer = Create((clip, requests, cancellation) =>
        {
            if (clip.Path == "v0") return _reader.Read(clip, requests, cancellation);
            Interlocked.Increment(ref running);
            if (!started.IsSet) started.Signal();                    // a third may begin between the ends of the first two
            cancellation.WaitHandle.WaitOne();                       // a decode that would never end
            Interlocked.Decrement(ref running);
            cancellation.ThrowIfCancellationRequested();
            return null!;
        }, parallel: 2);
        var view = transformer.Transform(Videos(9));
        var cursor = view.GetRowCursor([view.Schema["Frames"]]);
        VBuffer<byte> frames = default;
        cursor.MoveNext();
        cursor.GetGetter<VBuffer<byte>>(view.Schema["Frames"])(ref frames);
        Assert.True(started.Wait(_longEnough), "rows 1 and 2 were not started");
        cursor.Dispose();
        Assert.Equal(0, running);
        Assert.Equal(2, transformer.DecodeSlots.CurrentCount);
    }

    [Fact]
    public void GetGetter_OneRowFails_OnlyThatRowThrows()
    {
        var transformer = Create((clip, requests, cancellation) =>
            clip.Path == "v2" ? throw new InvalidOperationException("row 2") : _reader.Read(clip, requests, cancellation), parallel: 4);
        var view = transformer.Transform(Videos(5));
        using var cursor = view.GetRowCursor([view.Schema["Frames"]]);
        var getter = cursor.GetGetter<VBuffer<byte>>(view.Schema["Frames"]);
        VBuffer<byte> frames = default;
        for (var row = 0; cursor.MoveNext(); row++)
        {
            if (row == 2) Assert.Equal("row 2", Assert.Throws<InvalidOperationException>(() => getter(ref frames)).Message);
            else getter(ref frames);
            if (row != 2) Assert.Equal(row, frames.GetValues()[0]);
        }
    }

    [Fact]
    public void MoveNext_RowsLeftWithoutAsking_AreNotDecoded()
    {
        var transformer = Create(_reader.Read, parallel: 1, bytes: 0);
        var view = transformer.Transform(Videos(6));
        using var cursor = view.GetRowCursor([view.Schema["Frames"]]);
        var getter = cursor.GetGetter<VBuffer<byte>>(view.Schema["Frames"]);
        VBuffer<byte> frames = default;
        for (var row = 0; row < 4; row++) cursor.MoveNext();
        getter(ref frames);
        Assert.Equal(3, frames.GetValues()[0]);
        Assert.Equal("v3", Assert.Single(_reader.Calls).Clip.Path);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
