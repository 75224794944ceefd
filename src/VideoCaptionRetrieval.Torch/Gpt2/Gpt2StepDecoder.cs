using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Gpt2;

/// <summary>Runs GPT-2 step by step behind an embedded prefix, which replaces a prompt.</summary>
internal sealed class Gpt2StepDecoder : IStepDecoder
{
    private readonly Gpt2Model _model;
    private readonly Tensor _prefix;
    private readonly KeyValueCache[] _caches;
    private int _rows;
    private int _length;

    /// <param name="model">The network, which the caller still owns.</param>
    /// <param name="prefix">[images, P, D], P at least 1; copied.</param>
    /// <param name="maxLength">Maximum number of tokens of a text, not counting the prefix.</param>
    internal Gpt2StepDecoder(Gpt2Model model, Tensor prefix, int maxLength)
    {
        (_model, _prefix) = (model, prefix.clone().DetachFromDisposeScope());
        (Images, _rows) = ((int)prefix.shape[0], (int)prefix.shape[0]);
        _caches = model.CreateCaches((int)prefix.shape[1] + maxLength);
    }

    public int Images { get; }

    public int VocabularySize => _model.Config.VocabularySize;

    public void Start(ReadOnlySpan<int> prompt, Span<float> logits)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        if (prompt.IsEmpty)
        {
            Run(_prefix, logits);
            return;
        }
        var ids = new long[Images * prompt.Length];
        for (var i = 0; i < ids.Length; i++) ids[i] = prompt[i % prompt.Length];
        var words = _model.Embed(tensor(ids, device: _prefix.device).view(Images, -1));         // (images, T, D)
        Run(cat([_prefix, words], 1), logits);
    }

    public void Step(ReadOnlySpan<int> tokens, Span<float> logits)
    {
        var ids = new long[tokens.Length];
        for (var i = 0; i < ids.Length; i++) ids[i] = tokens[i];
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Run(_model.Embed(tensor(ids, device: _prefix.device).view(-1, 1)), logits);             // (rows, 1, D)
    }

    public void Reorder(ReadOnlySpan<int> rows, int rowsPerImage)
    {
        var changed = rows.Length != _rows;
        var order = new long[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            order[i] = rows[i];
            changed |= rows[i] != i;
        }
        _rows = rows.Length;
        if (!changed) return;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var orderTensor = tensor(order, device: _prefix.device);
        foreach (var cache in _caches) cache.Reorder(orderTensor);
    }

    public void Dispose()
    {
        _prefix.Dispose();
        foreach (var cache in _caches) cache.Dispose();
    }

    private void Run(Tensor embeddings, Span<float> logits)
    {
        var added = (int)embeddings.shape[1];
        var hidden = _model.Hidden(embeddings, _length, _caches);                               // (rows, T, D)
        var last = _model.Logits(hidden.select(1, added - 1)).cpu().contiguous();               // (rows, V)
        MemoryMarshal.Cast<byte, float>(last.bytes).CopyTo(logits);
        _length += added;
    }
}
