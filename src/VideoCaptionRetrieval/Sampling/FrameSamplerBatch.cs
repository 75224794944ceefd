using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>The frame sampler bound to a schema: reads the columns that name a clip, adds frames, times and the error.</summary>
internal sealed class FrameSamplerComputation(FrameSamplerTransformer owner, ClipColumns clips, DataViewSchema schema) : BatchComputation
{
    internal override IReadOnlyList<DataViewSchema.Column> Inputs { get; } = clips.In(schema);

    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } = owner.DescribeOutputs();

    /// <summary>The number of rows that are decoded ahead: bounded by memory, and by what keeps every decoder busy.</summary>
    internal override int RowsPerBatch => (int)Math.Clamp(
        owner.Options.ReadAheadBytes / Math.Max(BytesPerRow, 1), 1, RowsForEachDecoder * owner.ParallelVideos);

    internal override bool Streams => true;

    private const int RowsForEachDecoder = 4;

    private long BytesPerRow => owner.Columns.Sum(column => (long)column.Count * column.Format.FrameBytes);

    internal override ComputationBatch CreateBatch(DataViewRow input, int capacity) =>
        new FrameSamplerBatch(owner, clips.CreateReader(input), capacity);
}

/// <summary>
/// Decodes the clips that a cursor has read ahead in the background, once the first value is asked for. Only frame columns that have a
/// getter are prepared: PredictionEngine makes every column active, and asks for few.
/// </summary>
internal sealed class FrameSamplerBatch : ComputationBatch
{
    private readonly FrameSamplerTransformer _owner;
    private readonly IReadOnlyList<FrameColumn> _columns;
    private readonly Func<VideoClip> _readClip;
    private readonly VideoClip?[] _clips;            // for each slot; null = no row, or one that was left
    private readonly DecodeTask?[] _decodings;     // for each slot; null = not started
    private readonly bool[] _wanted;                 // for each frame column
    private readonly List<DecodeTask> _givenUp = [];
    private bool _begun;

    internal FrameSamplerBatch(FrameSamplerTransformer owner, Func<VideoClip> readClip, int capacity)
    {
        (_owner, _columns, _readClip) = (owner, owner.Columns, readClip);
        (_clips, _decodings, _wanted) = (new VideoClip?[capacity], new DecodeTask?[capacity], new bool[_columns.Count]);
    }

    internal override void Read(int slot)
    {
        Leave(slot);
        _clips[slot] = _readClip();
        if (_begun) Start(slot);
    }

    internal override void Leave(int slot)
    {
        _clips[slot] = null;
        GiveUp(slot);
    }

    /// <summary>Does nothing: the first value that is asked for starts the decoding.</summary>
    internal override void Compute(int count) { }

    internal override Delegate CreateGetter(int output, Func<int> slot)
    {
        var column = output / 2;
        if (column == _columns.Count)
            return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = At(slot()).Reason.AsMemory());
        _wanted[column] = true;
        return output % 2 == 0
            ? Vector(slot, decoded => decoded.Frames[column], _columns[column].Count * _columns[column].Format.FrameBytes, absent: (byte)0)
            : Vector(slot, decoded => decoded.Times[column], _columns[column].Count, absent: double.NaN);
    }

    public override void Dispose()
    {
        for (var slot = 0; slot < _decodings.Length; slot++) GiveUp(slot);
        // No decoding program runs any more when this returns.
        foreach (var decoding in _givenUp) decoding.Dispose();
        _givenUp.Clear();
        base.Dispose();
    }

    private void GiveUp(int slot)
    {
        if (_decodings[slot] is not { } decoding) return;
        _decodings[slot] = null;
        decoding.Cancel();
        _givenUp.Add(decoding);
        _givenUp.RemoveAll(one =>
        {
            if (!one.HasEnded) return false;
            one.Dispose();
            return true;
        });
    }

    private ValueGetter<VBuffer<T>> Vector<T>(Func<int> slot, Func<DecodedClip, T[]?> values, int length, T absent) =>
        (ref VBuffer<T> value) =>
    {
        var at = slot();
        var decoded = At(at);
        if (values(decoded) is null && decoded.Error is null)
        {
            // The getter was created after decoding began: decode again, with its column.
            for (var s = 0; s < _decodings.Length; s++) GiveUp(s);
            decoded = At(at);
        }
        var editor = VBufferEditor.Create(ref value, length);
        if (values(decoded) is { } found) found.CopyTo(editor.Values);
        else editor.Values.Fill(absent);
        value = editor.Commit();
    };

    private DecodedClip At(int slot)
    {
        _begun = true;
        _owner.Environment.ThrowIfCancelled(_owner.Options.CancellationToken);
        // From the current row around the ring: in the order in which the rows are needed.
        for (var i = 0; i < _clips.Length; i++) Start((slot + i) % _clips.Length);
        var decoded = _decodings[slot]!.Result;
        if (decoded.Error is { } error && _owner.OnError == FrameErrorHandling.Throw) error.Throw();
        return decoded;
    }

    private void Start(int slot)
    {
        if (_decodings[slot] is not null || _clips[slot] is not { } clip) return;
        var columns = Enumerable.Range(0, _columns.Count).Where(c => _wanted[c]).DefaultIfEmpty(0).ToArray();
        _decodings[slot] = new(_owner.DecodeSlots, token => Decode(clip, columns, token), _owner.Options.CancellationToken);
    }

    private DecodedClip Decode(VideoClip clip, int[] columns, CancellationToken cancellationToken)
    {
        _owner.Environment.ThrowIfCancelled(_owner.Options.CancellationToken);
        var decoded = new DecodedClip(new byte[_columns.Count][], new double[_columns.Count][]);
        FrameRequest[] requests = [.. columns.Select(c => _columns[c]).Select(column =>
            new FrameRequest(column.Count, column.Format) { Selection = column.Selection })];
        try
        {
            var sampled = _owner.Read(clip, requests, cancellationToken);
            for (var r = 0; r < columns.Length; r++)
                (decoded.Frames[columns[r]], decoded.Times[columns[r]]) = (sampled.Frames[r], sampled.Times[r]);
            return decoded;
        }
        catch (VideoReadException e)
        {
            return decoded with { Error = ExceptionDispatchInfo.Capture(Named(clip, e)), Reason = e.Reason };
        }
    }

    // The reader knows the file only; the row may have another name.
    private static VideoReadException Named(VideoClip clip, VideoReadException e) =>
        clip.VideoId == clip.Path ? e : new(e.Path, $"{e.Reason} (video '{clip.VideoId}')", e);
}

/// <summary>The values of a row of the frame sampler.</summary>
/// <param name="Frames">For each frame column its frames; null where the column was not wanted, or the video cannot be read.</param>
/// <param name="Times">For each frame column the times of its frames, likewise.</param>
internal sealed record DecodedClip(byte[]?[] Frames, double[]?[] Times)
{
    /// <summary>The error that says why the video cannot be read; null where it can.</summary>
    internal ExceptionDispatchInfo? Error { get; init; }

    /// <summary>The reason as a message; empty where the video can be read.</summary>
    internal string Reason { get; init; } = "";
}

/// <summary>
/// Decodes one clip in the background, as soon as a slot is free. It runs on a thread of its own, since it waits for other programs and
/// would starve the thread pool. Started, cancelled and awaited by one thread.
/// </summary>
internal sealed class DecodeTask : IDisposable
{
    private readonly CancellationTokenSource _cancelled;
    private readonly Task<DecodedClip> _task;

    /// <param name="decodeSlots">Counts the clips that may still be decoded now; granted in the order of the requests.</param>
    /// <param name="decode">Decodes the clip.</param>
    /// <param name="cancellationToken">Cancels the decoding.</param>
    internal DecodeTask(SemaphoreSlim decodeSlots, Func<CancellationToken, DecodedClip> decode, CancellationToken cancellationToken)
    {
        _cancelled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _task = Run(decodeSlots, decode, _cancelled.Token);
    }

    /// <summary>Waits for the result; rethrows what the decoding threw.</summary>
    internal DecodedClip Result => _task.GetAwaiter().GetResult();

    /// <summary>Whether the decoding has ended.</summary>
    internal bool HasEnded => _task.IsCompleted;

    /// <summary>Cancels the decoding: its result is no longer needed.</summary>
    internal void Cancel() => _cancelled.Cancel();

    /// <summary>Waits until the decoding has ended, however it ended.</summary>
    public void Dispose()
    {
        // The row was left, so its error is observed and dropped.
        ((IAsyncResult)_task).AsyncWaitHandle.WaitOne();
        _ = _task.Exception;
        _cancelled.Dispose();
    }

    private static async Task<DecodedClip> Run(
        SemaphoreSlim decodeSlots, Func<CancellationToken, DecodedClip> decode, CancellationToken cancelled)
    {
        await decodeSlots.WaitAsync(cancelled).ConfigureAwait(false);
        try
        {
            return await Task.Factory.StartNew(() => decode(cancelled), cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
        finally
        {
            decodeSlots.Release();
        }
    }
}
