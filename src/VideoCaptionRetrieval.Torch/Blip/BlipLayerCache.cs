using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>
/// Keys and values of one decoder layer. Those of the image are computed once and read by all its beams. Whoever creates it disposes it.
/// </summary>
internal sealed class BlipLayerCache : IDisposable
{
    private readonly Tensor _imageKeys;
    private readonly Tensor _imageValues;
    private readonly KeyValueCache _text;
    private long _images;

    /// <param name="imageKeys">[images, nh, P, hs]; copied into one block.</param>
    /// <param name="imageValues">[images, nh, P, hs]; copied into one block.</param>
    /// <param name="capacity">The longest text in tokens.</param>
    internal BlipLayerCache(Tensor imageKeys, Tensor imageValues, int capacity)
    {
        _imageKeys = imageKeys.contiguous().DetachFromDisposeScope();
        _imageValues = imageValues.contiguous().DetachFromDisposeScope();
        (_images, _text) = (imageKeys.shape[0], new(capacity));
    }

    internal Tensor ImageKeys => _imageKeys.narrow(0, 0, _images);

    internal Tensor ImageValues => _imageValues.narrow(0, 0, _images);

    /// <summary>Adds [rows, nh, T, hs] of the text and returns all its keys and values so far.</summary>
    internal (Tensor Keys, Tensor Values) Append(Tensor keys, Tensor values) => _text.Append(keys, values);

    /// <summary>Takes the rows that go on, and moves images from the end into the places of dropped ones.</summary>
    /// <param name="rows">[R] int64: row r continues row rows[r].</param>
    /// <param name="images">For each place, where its image lay: there, or behind the last place.</param>
    internal void Reorder(Tensor rows, ReadOnlySpan<long> images)
    {
        _text.Reorder(rows);
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
        _text.Dispose();
    }
}
