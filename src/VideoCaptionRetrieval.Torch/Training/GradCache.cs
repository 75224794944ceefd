using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>
/// Gradient caching (Gao et al., https://arxiv.org/abs/2101.06983): all items of a batch are embedded without a graph, chunk by chunk;
/// once the losses have left their gradient at the embeddings, each chunk is encoded again and that gradient is propagated through it. Only one
/// chunk's activations are ever in memory. Exact, because the towers have neither dropout nor batch statistics. Where one chunk holds
/// everything, its graph is kept, and this is plain backpropagation.
/// </summary>
/// <remarks>Lives inside one dispose scope of the training thread, which frees its tensors.</remarks>
/// <param name="chunk">Items that go through a tower at once.</param>
internal sealed class GradCache(int chunk)
{
    private readonly List<Encoding> _encodings = [];

    /// <summary>Embeds all items.</summary>
    /// <param name="items">How many there are.</param>
    /// <param name="encode">(start, count) → [count, …].</param>
    /// <returns>[items, …], a leaf: losses take it and leave their gradient in it. At least in single precision.</returns>
    internal Tensor Encode(int items, Func<int, int, Tensor> encode)
    {
        var withGraph = items <= chunk ? EncodeChunk(encode, 0, items) : null;      // a frozen tower leaves no graph
        var embeddings = AtLeastSingle(withGraph?.detach() ?? EncodeWithoutGraph(items, encode)).requires_grad_();
        _encodings.Add(new(items, encode, withGraph, embeddings));
        return embeddings;
    }

    /// <summary>Backpropagates losses as far as the embeddings, one after the other; gradients add up.</summary>
    /// <param name="losses">Scalars; each is backpropagated before the next is asked for.</param>
    /// <returns>Their sum.</returns>
    internal static double Accumulate(IEnumerable<Tensor> losses)
    {
        var sum = 0.0;
        foreach (var loss in losses)
        {
            loss.backward();
            sum += loss.to(ScalarType.Float64).item<double>();
        }
        return sum;
    }

    /// <summary>Carries the gradients at the embeddings on to the network's parameters.</summary>
    /// <param name="scale">A factor on them.</param>
    internal void Backward(double scale = 1)
    {
        foreach (var encoding in _encodings) Backward(encoding, scale);
    }

    private void Backward(Encoding encoding, double scale)
    {
        var gradient = scale == 1 ? encoding.Embeddings.grad! : encoding.Embeddings.grad!.Times(scale);
        if (encoding.WithGraph is { } graph)
        {
            if (graph.requires_grad) graph.backward([gradient.to(graph.dtype)]);
            return;
        }
        foreach (var (start, count) in Chunks(encoding.Items))
        {
            using var scope = NewDisposeScope();
            var embeddings = EncodeChunk(encoding.Encode, start, count);
            if (!embeddings.requires_grad) return;
            embeddings.backward([gradient.narrow(0, start, count).to(embeddings.dtype)]);
        }
    }

    private Tensor EncodeWithoutGraph(int items, Func<int, int, Tensor> encode)
    {
        using var noGrad = no_grad();
        return cat([.. Chunks(items).Select(part => EncodeChunk(encode, part.Start, part.Count))]);
    }

    private static Tensor EncodeChunk(Func<int, int, Tensor> encode, int start, int count)
    {
        using var scope = NewDisposeScope();
        return encode(start, count).MoveToOuterDisposeScope();
    }

    private IEnumerable<(int Start, int Count)> Chunks(int items)
    {
        for (var start = 0; start < items; start += chunk) yield return (start, Math.Min(chunk, items - start));
    }

    private static Tensor AtLeastSingle(Tensor embeddings) =>
        embeddings.dtype == ScalarType.Float64 ? embeddings : embeddings.to(ScalarType.Float32);

    private sealed record Encoding(int Items, Func<int, int, Tensor> Encode, Tensor? WithGraph, Tensor Embeddings);
}
