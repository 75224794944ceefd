using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Generation;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>Runs BLIP's text decoder step by step for the image tokens it was made with.</summary>
internal sealed class BlipStepDecoder : IStepDecoder
{
    private readonly BlipTextDecoder _decoder;
    private readonly Device _device;
    private readonly BlipLayerCache[] _caches;
    private int _rowsPerImage = 1;
    private int _rows;
    private int _length;

    /// <param name="decoder">The network; it stays the caller's.</param>
    /// <param name="vocabularySize">Length of a row of logits.</param>
    /// <param name="image">[images, P, image size]; may be disposed afterwards.</param>
    /// <param name="maxLength">The longest text in tokens.</param>
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
        for (var place = 0; place < images.Length; place++) images[place] = rows[place * rowsPerImage] / _rowsPerImage;
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
