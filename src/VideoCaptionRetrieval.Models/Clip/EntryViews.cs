using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>Other views of the values of a tensor, as places in its file.</summary>
internal static class EntryViews
{
    private const int Parts = 3;

    /// <summary>A matrix with rows and columns exchanged.</summary>
    internal static TensorEntry Transpose(string path, string name, TensorEntry entry)
    {
        if (entry.Shape is not [var rows, var columns]) throw Unexpected(path, name, entry, "a matrix");
        var strides = entry.Strides ?? [columns, 1];
        return entry with { Shape = [columns, rows], Strides = [strides[1], strides[0]] };
    }

    /// <summary>Query, key and value projection, which lie one below the other.</summary>
    internal static IEnumerable<TensorEntry> Thirds(string path, string name, TensorEntry entry)
    {
        if (entry.Shape is not [var rows, ..] || rows % Parts != 0)
            throw Unexpected(path, name, entry, "three projections of one size, one below the other");
        var stride = entry.Strides?[0] ?? entry.Shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        var part = rows / Parts;
        return Enumerable.Range(0, Parts)
            .Select(i => entry with { Shape = [part, .. entry.Shape[1..]], Offset = entry.Offset + (i * part * stride * entry.ElementSize) });
    }

    private static ModelFileException Unexpected(string path, string name, TensorEntry entry, string expected) =>
        new(path, $"tensor '{name}' has shape [{string.Join(", ", entry.Shape)}]; expected {expected}.");
}
