using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>The slots of a column of captions: the same number for each captioner, captioner after captioner.</summary>
/// <param name="Captioners">The captioners' names.</param>
/// <param name="PerCaptioner">Slots of each captioner: one for each frame, or for each rank.</param>
internal sealed record CaptionSlots(IReadOnlyList<string> Captioners, int PerCaptioner)
{
    private const string SlotNames = "SlotNames";

    /// <summary>The name of the only captioner of a column without slot names.</summary>
    internal const string Unnamed = "captions";

    /// <summary>The number of slots.</summary>
    internal int Count => Captioners.Count * PerCaptioner;

    /// <summary>Creates the annotation with the slot names 'captioner/index'.</summary>
    internal DataViewSchema.Annotations ToAnnotations()
    {
        var names = Captioners.SelectMany(captioner =>
            Enumerable.Range(0, PerCaptioner).Select(i => $"{captioner}/{i}".AsMemory())).ToArray();
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(SlotNames, new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(names.Length, [.. names]));
        return builder.ToAnnotations();
    }

    /// <summary>Finds a column of captions and reads its slot names.</summary>
    /// <exception cref="ArgumentException">The column is missing, is no vector of text, or its names are not captioner-major.</exception>
    internal static (DataViewSchema.Column Column, CaptionSlots Slots) Read(DataViewSchema schema, string name)
    {
        var column = ColumnShapes.Require(schema, name, TextDataViewType.Instance, vector: true);
        var size = ((VectorDataViewType)column.Type).Size;
        if (Names(column) is not { } names) return (column, new([Unnamed], size));
        var captioners = names.Select(slot => slot[..Math.Max(0, slot.LastIndexOf('/'))]).ToArray();
        var distinct = captioners.Distinct().ToArray();
        var slots = new CaptionSlots(distinct, size / distinct.Length);
        var expected = distinct.SelectMany(captioner => Enumerable.Range(0, slots.PerCaptioner).Select(i => $"{captioner}/{i}"));
        return expected.SequenceEqual(names)
            ? (column, slots)
            : throw new ArgumentException($"Column '{name}' has the slot names '{string.Join("', '", names)}'; " +
                "expected captioner/0, captioner/1 …, captioner after captioner.", nameof(schema));
    }

    private static string[]? Names(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(SlotNames)?.Type is not VectorDataViewType) return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.Annotations.GetValue(SlotNames, ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
