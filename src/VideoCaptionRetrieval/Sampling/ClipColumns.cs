using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Data;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>The names of the columns that name a row's clip.</summary>
/// <param name="Path">File path (Text).</param>
/// <param name="VideoId">Name (Text), used where the schema has it; else the path is the name, or path#start-end of a part.</param>
/// <param name="Start">Start in seconds (Single), used where the schema has it.</param>
/// <param name="End">End in seconds (Single), used where the schema has it.</param>
public sealed record ClipColumns(string Path, string VideoId, string Start, string End)
{
    /// <summary>The names that the columns have unless told otherwise.</summary>
    internal static ClipColumns Default { get; } = new(
        FrameSamplerOptions.DefaultInputColumnName, FrameSamplerOptions.DefaultVideoIdColumnName,
        FrameSamplerOptions.DefaultClipStartColumnName, FrameSamplerOptions.DefaultClipEndColumnName);

    /// <summary>Finds those of the columns that a schema has.</summary>
    /// <exception cref="ArgumentException">The path is missing, or a column has another type.</exception>
    public IReadOnlyList<DataViewSchema.Column> In(DataViewSchema schema) =>
    [
        ColumnShapes.Require(schema, Path, TextDataViewType.Instance, vector: false),
        .. Optional(schema, VideoId, TextDataViewType.Instance),
        .. Optional(schema, Start, NumberDataViewType.Single),
        .. Optional(schema, End, NumberDataViewType.Single),
    ];

    /// <summary>Creates a reader of the clip at a row's current position.</summary>
    public Func<VideoClip> CreateReader(DataViewRow row)
    {
        var path = Text(row, Path)!;
        var id = Text(row, VideoId);
        var (start, end) = (Seconds(row, Start), Seconds(row, End));
        return () =>
        {
            var (file, from, to) = (path(), start(), end());
            return new(id?.Invoke() ?? ClipName.Join(file, from, to), file, from, to);
        };
    }

    private static IEnumerable<DataViewSchema.Column> Optional(DataViewSchema schema, string name, PrimitiveDataViewType type) =>
        schema.GetColumnOrNull(name) is null ? [] : [ColumnShapes.Require(schema, name, type, vector: false)];

    private static Func<string>? Text(DataViewRow row, string name)
    {
        if (row.Schema.GetColumnOrNull(name) is not { } column) return null;
        var getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        return () =>
        {
            ReadOnlyMemory<char> text = default;
            getter(ref text);
            return text.ToString();
        };
    }

    private static Func<double> Seconds(DataViewRow row, string name)
    {
        if (row.Schema.GetColumnOrNull(name) is not { } column) return () => double.NaN;
        var getter = row.GetGetter<float>(column);
        return () =>
        {
            var seconds = float.NaN;
            getter(ref seconds);
            return Shortest(seconds);
        };
    }

    /// <summary>
    /// Returns the double with the shortest decimal form of a single: 0.1 s of a list is 0.1 again, not 0.10000000149.
    /// </summary>
    internal static double Shortest(float seconds) =>
        float.IsFinite(seconds) ? double.Parse(Invariant($"{seconds:R}"), CultureInfo.InvariantCulture) : seconds;
}
