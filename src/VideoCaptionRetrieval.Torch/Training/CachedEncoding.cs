using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>
/// Gradient caching (Gao et al., https://arxiv.org/abs/2101.06983): all items of a batch are embedded without a graph, chunk by chunk;
/// once the loss has its gradient at the embeddings, each chunk is encoded again and that gradient is propagated through it. Only one
/// chunk's activations are ever in memory. Exact, because the towers have neither dropout nor batch statistics. Where one chunk holds
/// everything, its graph is kept, and this is plain backpropagation.
/// </summary>
/// <remarks>Lives inside one dispose scope of the training thread, which frees its tensors.</remarks>
internal sealed class CachedEncoding
{
    private readonly int _items, _chunk;
    private readonly Func<int, int, Tensor> _encode;
    private readonly Tensor? _withGraph;

    /// <summary>Embeds all items.</summary>
    /// <param name="items">How many there are.</param>
    /// <param name="chunk">How many go through the network at once.</param>
    /// <param name="encode">(start, count) → [count, D].</param>
    internal CachedEncoding(int items, int chunk, Func<int, int, Tensor> encode)
    {
        (_items, _chunk, _encode) = (items, chunk, encode);
        if (items <= chunk) _withGraph = EncodeChunk(0, items);         // of a frozen tower there is no graph
        Embeddings = AtLeastSingle(_withGraph?.detach() ?? EncodeWithoutGraph()).requires_grad_();
    }

    /// <summary>[items, D], a leaf: the loss takes these and leaves its gradient in them. In single precision at least.</summary>
    internal Tensor Embeddings { get; }

    /// <summary>Carries the gradient at the embeddings on to the network's parameters.</summary>
    /// <param name="scale">A factor on it.</param>
    internal void Backpropagate(double scale = 1)
    {
        var gradient = scale == 1 ? Embeddings.grad! : Embeddings.grad!.Times(scale);
        if (_withGraph is not null)
        {
            if (_withGraph.requires_grad) _withGraph.backward([gradient.to(_withGraph.dtype)]);
            return;
        }
        foreach (var (start, count) in Chunks())
        {
            using var scope = NewDisposeScope();
            var embeddings = EncodeChunk(start, count);
            if (!embeddings.requires_grad) return;
            embeddings.backward([gradient.narrow(0, start, count).to(embeddings.dtype)]);
        }
    }

    private Tensor EncodeWithoutGraph()
    {
        using var noGrad = no_grad();
        return cat([.. Chunks().Select(chunk => EncodeChunk(chunk.Start, chunk.Count))]);
    }

    private Tensor EncodeChunk(int start, int count)
    {
        using var scope = NewDisposeScope();
        return _encode(start, count).MoveToOuterDisposeScope();
    }

    private IEnumerable<(int Start, int Count)> Chunks()
    {
        for (var start = 0; start < _items; start += _chunk) yield return (start, Math.Min(_chunk, _items - start));
    }

    private static Tensor AtLeastSingle(Tensor embeddings) =>
        embeddings.dtype == ScalarType.Float64 ? embeddings : embeddings.to(ScalarType.Float32);
}
