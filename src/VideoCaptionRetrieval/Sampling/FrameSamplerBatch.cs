using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>
/// A window of clips, decoded at once on several threads. Only frame columns whose getters exist are prepared: PredictionEngine
/// makes every column active, and asks for few.
/// </summary>
internal sealed class FrameSamplerBatch : ComputationBatch
{
    private readonly FrameSamplerTransformer _owner;
    private readonly IReadOnlyList<FrameColumn> _columns;
    private readonly Func<VideoClip> _readClip;
    private readonly VideoClip[] _clips;
    private readonly bool[] _wanted;                 // for each frame column
    private readonly DecodedClip?[] _decoded;        // for each slot; null = not yet, or not with all wanted columns
    private int _count;

    internal FrameSamplerBatch(FrameSamplerTransformer owner, Func<VideoClip> readClip, int capacity)
    {
        (_owner, _columns, _readClip) = (owner, owner.Columns, readClip);
        (_clips, _decoded, _wanted) = (new VideoClip[capacity], new DecodedClip?[capacity], new bool[_columns.Count]);
    }

    internal override void Read(int slot) => _clips[slot] = _readClip();

    internal override void Compute(int count)
    {
        _count = count;
        Array.Clear(_decoded);
        Decode();
    }

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

    private ValueGetter<VBuffer<T>> Vector<T>(Func<int> slot, Func<DecodedClip, T[]?> values, int length, T absent) =>
        (ref VBuffer<T> value) =>
    {
        var at = slot();
        var decoded = At(at);
        if (values(decoded) is null && decoded.Error is null)
        {
            Array.Clear(_decoded);                   // the getter was made after the window was decoded: decode with its column
            decoded = At(at);
        }
        var editor = VBufferEditor.Create(ref value, length);
        if (values(decoded) is { } found) found.CopyTo(editor.Values);
        else editor.Values.Fill(absent);
        value = editor.Commit();
    };

    private DecodedClip At(int slot)
    {
        if (_decoded[slot] is null) Decode();
        var decoded = _decoded[slot]!;
        if (decoded.Error is { } error && _owner.OnError == FrameErrorHandling.Throw) error.Throw();
        return decoded;
    }

    private void Decode()
    {
        var columns = Enumerable.Range(0, _columns.Count).Where(c => _wanted[c]).DefaultIfEmpty(0).ToArray();
        var requests = columns.Select(c => new FrameRequest(_columns[c].Count, _columns[c].Format)).ToArray();
        var failures = new ExceptionDispatchInfo?[_count];
        Parallel.For(0, _count, slot =>
        {
            try
            {
                _owner.Environment.ThrowIfCancelled(_owner.Options.CancellationToken);
                _decoded[slot] = Decode(_clips[slot], columns, requests);
            }
            catch (Exception e)
            {
                failures[slot] = ExceptionDispatchInfo.Capture(e);
            }
        });
        failures.FirstOrDefault(failure => failure is not null)?.Throw();
    }

    private DecodedClip Decode(VideoClip clip, int[] columns, FrameRequest[] requests)
    {
        var decoded = new DecodedClip(new byte[_columns.Count][], new double[_columns.Count][]);
        try
        {
            var sampled = _owner.Read(clip, requests, _owner.Options.CancellationToken);
            for (var r = 0; r < columns.Length; r++)
                (decoded.Frames[columns[r]], decoded.Times[columns[r]]) = (sampled.Frames[r], sampled.Times[r]);
            return decoded;
        }
        catch (VideoReadException e)
        {
            return decoded with { Error = ExceptionDispatchInfo.Capture(Named(clip, e)), Reason = e.Reason };
        }
    }

    // The reader knows the file; the row may go by another name.
    private static VideoReadException Named(VideoClip clip, VideoReadException e) =>
        clip.VideoId == clip.Path ? e : new(e.Path, $"{e.Reason} (video '{clip.VideoId}')", e);

    private sealed record DecodedClip(byte[]?[] Frames, double[]?[] Times)
    {
        internal ExceptionDispatchInfo? Error { get; init; }

        internal string Reason { get; init; } = "";
    }
}
