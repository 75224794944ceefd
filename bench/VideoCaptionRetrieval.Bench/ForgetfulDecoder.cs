using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Torch.Blip;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Bench;

/// <summary>Reads whole texts and images anew at every step: what decoding costs without keys and values that are kept.</summary>
internal sealed class ForgetfulDecoder(BlipCaptioningModel model, Tensor images) : IStepDecoder
{
    private int[][] _texts = new int[images.shape[0]][];
    private int[] _imageOf = [.. Enumerable.Range(0, (int)images.shape[0])];

    public int Images => (int)images.shape[0];

    public int VocabularySize => model.Config.Text.VocabularySize;

    public void Start(ReadOnlySpan<int> prompt, Span<float> logits)
    {
        for (var row = 0; row < _texts.Length; row++) _texts[row] = prompt.ToArray();
        Read(logits);
    }

    public void Step(ReadOnlySpan<int> tokens, Span<float> logits)
    {
        for (var row = 0; row < _texts.Length; row++) _texts[row] = [.. _texts[row], tokens[row]];
        Read(logits);
    }

    public void Reorder(ReadOnlySpan<int> rows, int rowsPerImage)
    {
        var order = rows.ToArray();
        (_texts, _imageOf) = ([.. order.Select(row => _texts[row])], [.. order.Select(row => _imageOf[row])]);
    }

    public void Dispose()
    {
    }

    private void Read(Span<float> logits)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var ids = tensor(_texts.SelectMany(text => text.Select(id => (long)id)).ToArray(), device: images.device).view(_texts.Length, -1);   // (rows, T)
        var tokens = images.index_select(0, tensor(_imageOf.Select(image => (long)image).ToArray(), device: images.device));                 // (rows, P, D)
        var all = model.Logits(ids, tokens);                                                                                                 // (rows, T, V)
        MemoryMarshal.Cast<byte, float>(all.select(1, all.shape[1] - 1).cpu().contiguous().bytes).CopyTo(logits);
    }
}
