using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>
/// Keys and values of one decoder layer. Those of the image are computed once and read by all its beams. Those of the text lie in
/// buffers with room for the longest text, so that a step writes its own position only. Whoever creates it disposes it.
/// </summary>
internal sealed class BlipLayerCache : IDisposable
{
    private const int RowAxis = 0;
    private const int TokenAxis = 2;
    private readonly int _capacity;
    private readonly Tensor _imageKeys;
    private readonly Tensor _imageValues;
    private Tensor? _keys;          // (rows at first, nh, capacity, hs)
    private Tensor? _values;
    private long _images;
    private long _length;

    /// <param name="imageKeys">[images, nh, P, hs]; copied into one block.</param>
    /// <param name="imageValues">[images, nh, P, hs]; copied into one block.</param>
    /// <param name="capacity">The longest text in tokens.</param>
    internal BlipLayerCache(Tensor imageKeys, Tensor imageValues, int capacity)
    {
        _imageKeys = imageKeys.contiguous().DetachFromDisposeScope();
        _imageValues = imageValues.contiguous().DetachFromDisposeScope();
        (_images, _capacity) = (imageKeys.shape[0], capacity);
    }

    internal Tensor ImageKeys => _imageKeys.narrow(0, 0, _images);

    internal Tensor ImageValues => _imageValues.narrow(0, 0, _images);

    /// <summary>Adds [rows, nh, T, hs] and returns all keys and values so far.</summary>
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

    /// <summary>Takes the rows that go on, and moves images from the end into the places of dropped ones.</summary>
    /// <param name="rows">[R] int64: row r continues row rows[r].</param>
    /// <param name="images">For each place, where its image lay: there, or behind the last place.</param>
    internal void Reorder(Tensor rows, ReadOnlySpan<long> images)
    {
        (_keys, _values) = (Reordered(_keys!, rows), Reordered(_values!, rows));
        for (var place = 0; place < images.Length; place++)
        {
            if (images[place] == place) continue;
            _imageKeys[place].copy_(_imageKeys[images[place]]);
            _imageValues[place].copy_(_imageValues[images[place]]);
        }
        _images = images.Length;
    }

    public void Dispose()
    {
        _imageKeys.Dispose();
        _imageValues.Dispose();
        _keys?.Dispose();
        _values?.Dispose();
    }

    private Tensor Buffer(Tensor like) =>
        empty([like.shape[0], like.shape[1], _capacity, like.shape[3]], dtype: like.dtype, device: like.device).DetachFromDisposeScope();

    private Tensor Used(Tensor buffer, long rows) => buffer.narrow(RowAxis, 0, rows).narrow(TokenAxis, 0, _length);

    /// <summary>Only the positions in use are gathered; the buffer is replaced only where there are more rows than it has.</summary>
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
