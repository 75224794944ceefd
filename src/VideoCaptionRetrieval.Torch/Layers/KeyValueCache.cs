using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Layers;

/// <summary>
/// Caches keys and values of the texts in one decoder layer, in buffers allocated for the longest text, so that a step writes only its own
/// position. The caller owns and disposes it.
/// </summary>
/// <param name="capacity">Maximum number of tokens of a text.</param>
internal sealed class KeyValueCache(int capacity) : IDisposable
{
    private const int RowAxis = 0;
    private const int TokenAxis = 2;
    private Tensor? _keys;          // (rows at first, nh, capacity, hs)
    private Tensor? _values;
    private long _length;

    /// <summary>Appends keys and values [rows, nh, T, hs] and returns all of them so far.</summary>
    internal (Tensor Keys, Tensor Values) Append(Tensor keys, Tensor values)
    {
        var (rows, added) = (keys.shape[0], keys.shape[TokenAxis]);
        _keys ??= Buffer(keys);
        _values ??= Buffer(values);
        _keys.narrow(RowAxis, 0, rows).narrow(TokenAxis, _length, added).copy_(keys);
        _values.narrow(RowAxis, 0, rows).narrow(TokenAxis, _length, added).copy_(values);
        _length += added;
        return (Used(_keys, rows), Used(_values, rows));
    }

    /// <summary>Keeps the given rows, in the given order.</summary>
    /// <param name="rows">[R] int64: row r continues row rows[r].</param>
    internal void Reorder(Tensor rows) => (_keys, _values) = (Reordered(_keys!, rows), Reordered(_values!, rows));

    public void Dispose()
    {
        _keys?.Dispose();
        _values?.Dispose();
    }

    private Tensor Buffer(Tensor like) =>
        empty([like.shape[0], like.shape[1], capacity, like.shape[3]], dtype: like.dtype, device: like.device).DetachFromDisposeScope();

    private Tensor Used(Tensor buffer, long rows) => buffer.narrow(RowAxis, 0, rows).narrow(TokenAxis, 0, _length);

    /// <summary>Gathers only the positions in use; replaces the buffer only where it has too few rows.</summary>
    private Tensor Reordered(Tensor buffer, Tensor rows)
    {
        var gathered = buffer.narrow(TokenAxis, 0, _length).index_select(RowAxis, rows);
        if (rows.shape[0] > buffer.shape[RowAxis])
        {
            buffer.Dispose();
            buffer = Buffer(gathered);
        }
        Used(buffer, rows.shape[0]).copy_(gathered);
        return buffer;
    }
}
