using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>Runs BLIP's text decoder step by step for given image tokens.</summary>
internal sealed class BlipStepDecoder : IStepDecoder
{
    private readonly BlipTextDecoder _decoder;
    private readonly Device _device;
    private readonly BlipLayerCache[] _caches;
    private int _rowsPerImage = 1;
    private int _rows;
    private int _length;

    /// <param name="decoder">The network, which the caller still owns.</param>
    /// <param name="vocabularySize">Length V of a row of logits.</param>
    /// <param name="image">[images, P, image size]; may be disposed afterwards.</param>
    /// <param name="maxLength">The most tokens of a text.</param>
    internal BlipStepDecoder(BlipTextDecoder decoder, int vocabularySize, Tensor image, int maxLength)
    {
        (_decoder, _device, VocabularySize, Images) = (decoder, image.device, vocabularySize, (int)image.shape[0]);
        _rows = Images;
        using var noGradient = no_grad();
        _caches = decoder.CreateCaches(image, maxLength);
    }

    public int Images { get; }

    public int VocabularySize { get; }

    public void Start(ReadOnlySpan<int> prompt, Span<float> logits)
    {
        var ids = new long[_rows * prompt.Length];
        for (var i = 0; i < ids.Length; i++) ids[i] = prompt[i % prompt.Length];
        Run(ids, prompt.Length, logits);
    }

    public void Step(ReadOnlySpan<int> tokens, Span<float> logits)
    {
        var ids = new long[tokens.Length];
        for (var i = 0; i < ids.Length; i++) ids[i] = tokens[i];
        Run(ids, 1, logits);
    }

    public void Reorder(ReadOnlySpan<int> rows, int rowsPerImage)
    {
        var images = new long[rows.Length / rowsPerImage];
        for (var slot = 0; slot < images.Length; slot++) images[slot] = rows[slot * rowsPerImage] / _rowsPerImage;
        var changed = rows.Length != _rows;
        var order = new long[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            order[i] = rows[i];
            changed |= rows[i] != i;
        }
        (_rows, _rowsPerImage) = (rows.Length, rowsPerImage);
        if (!changed) return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var orderTensor = tensor(order, device: _device);
        foreach (var cache in _caches) cache.Reorder(orderTensor, images);
    }

    public void Dispose()
    {
        foreach (var cache in _caches) cache.Dispose();
    }

    private void Run(long[] ids, int added, Span<float> logits)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var hidden = _decoder.Hidden(tensor(ids, device: _device).view(-1, added), _length, _caches);       // (rows, T, D)
        var last = _decoder.Logits(hidden.select(1, added - 1)).cpu().contiguous();                         // (rows, V)
        MemoryMarshal.Cast<byte, float>(last.bytes).CopyTo(logits);
        _length += added;
    }
}

/// <summary>
/// Caches keys and values of one decoder layer. Those of an image are computed once and shared by its beams. The caller owns and disposes it.
/// </summary>
internal sealed class BlipLayerCache : IDisposable
{
    private readonly Tensor _imageKeys;
    private readonly Tensor _imageValues;
    private readonly KeyValueCache _text;
    private long _images;

    /// <param name="imageKeys">[images, nh, P, hs]; made contiguous.</param>
    /// <param name="imageValues">[images, nh, P, hs]; made contiguous.</param>
    /// <param name="capacity">Maximum number of tokens of a text.</param>
    internal BlipLayerCache(Tensor imageKeys, Tensor imageValues, int capacity)
    {
        _imageKeys = imageKeys.contiguous().DetachFromDisposeScope();
        _imageValues = imageValues.contiguous().DetachFromDisposeScope();
        (_images, _text) = (imageKeys.shape[0], new(capacity));
    }

    internal Tensor ImageKeys => _imageKeys.narrow(0, 0, _images);

    internal Tensor ImageValues => _imageValues.narrow(0, 0, _images);

    /// <summary>Appends keys and values [rows, nh, T, hs] of the text and returns all of them so far.</summary>
    internal (Tensor Keys, Tensor Values) Append(Tensor keys, Tensor values) => _text.Append(keys, values);

    /// <summary>Keeps the given rows, and moves images from the end into the slots of dropped ones.</summary>
    /// <param name="rows">[R] int64: row r continues row rows[r].</param>
    /// <param name="images">For each slot, the slot its image had before: the same, or one behind the last slot.</param>
    internal void Reorder(Tensor rows, ReadOnlySpan<long> images)
    {
        _text.Reorder(rows);
        for (var slot = 0; slot < images.Length; slot++)
        {
            if (images[slot] == slot) continue;
            _imageKeys[slot].copy_(_imageKeys[images[slot]]);
            _imageValues[slot].copy_(_imageValues[images[slot]]);
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
