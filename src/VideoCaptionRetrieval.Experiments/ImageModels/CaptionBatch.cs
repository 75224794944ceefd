using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>Teacher forcing: captions as what a decoder reads and what it has to say next.</summary>
internal static class CaptionBatch
{
    /// <summary>Targets that cross_entropy leaves out.</summary>
    private const long Ignored = -100;

    /// <summary>[B, T] of texts of different lengths.</summary>
    internal static Tensor Ids(IReadOnlyList<ReadOnlyMemory<int>> rows, long padding)
    {
        var ids = new long[rows.Count, rows.Max(row => row.Length)];
        for (var i = 0; i < rows.Count; i++)
            for (var k = 0; k < ids.GetLength(1); k++) ids[i, k] = k < rows[i].Length ? rows[i].Span[k] : padding;
        return tensor(ids);
    }

    /// <summary>Mean cross-entropy of all tokens to come.</summary>
    /// <param name="logits">[B, T, V].</param>
    /// <param name="targets">B texts of at most T tokens.</param>
    internal static Tensor Loss(Tensor logits, IReadOnlyList<ReadOnlyMemory<int>> targets) =>
        nn.functional.cross_entropy(logits.flatten(0, 1), Ids(targets, Ignored).flatten(), ignore_index: Ignored);
}
