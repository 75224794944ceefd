using System.Diagnostics.CodeAnalysis;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>
/// Annotates a column with the source of its frames, from which a trainer draws other frames in each epoch. The annotation stays with the
/// column through the transforms of a pipeline; saved data does not keep it.
/// </summary>
/// <param name="Source">Reads frames in the column's format.</param>
/// <param name="Clips">The columns that name the clip.</param>
/// <param name="Count">Frames of one row, N.</param>
/// <param name="OnError">What happens to a video that cannot be read.</param>
public sealed record FrameSourceAnnotation(IFrameSource Source, ClipColumns Clips, int Count, FrameErrorHandling OnError)
{
    /// <summary>The annotation's name.</summary>
    internal const string Name = "FrameSource";

    /// <summary>Creates the annotations of a frame column.</summary>
    internal DataViewSchema.Annotations ToAnnotations()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(Name, FrameSourceDataViewType.Instance, (ref FrameSourceAnnotation value) => value = this);
        return builder.ToAnnotations();
    }

    /// <summary>Finds the annotation of a column.</summary>
    public static bool TryGet(DataViewSchema.Column column, [NotNullWhen(true)] out FrameSourceAnnotation? annotation)
    {
        annotation = null;
        if (column.Annotations.Schema.GetColumnOrNull(Name)?.Type is not FrameSourceDataViewType) return false;
        column.Annotations.GetValue(Name, ref annotation);
        return annotation is not null;
    }

    /// <summary>Finds the source of a column's frames.</summary>
    public static bool TryGet(DataViewSchema.Column column, [NotNullWhen(true)] out IFrameSource? source)
    {
        source = TryGet(column, out FrameSourceAnnotation? annotation) ? annotation.Source : null;
        return source is not null;
    }
}

/// <summary>The type of the annotation <see cref="FrameSourceAnnotation"/>: an object, neither copied nor saved.</summary>
internal sealed class FrameSourceDataViewType : StructuredDataViewType
{
    private FrameSourceDataViewType() : base(typeof(FrameSourceAnnotation)) { }

    internal static FrameSourceDataViewType Instance { get; } = new();

    public override bool Equals(DataViewType? other) => other is FrameSourceDataViewType;

    public override string ToString() => "FrameSource";
}
