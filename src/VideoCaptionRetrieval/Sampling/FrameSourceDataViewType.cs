using Microsoft.ML.Data;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>The type of the annotation <see cref="FrameSourceAnnotation"/>: an object, neither copied nor saved.</summary>
internal sealed class FrameSourceDataViewType : StructuredDataViewType
{
    private FrameSourceDataViewType() : base(typeof(FrameSourceAnnotation)) { }

    internal static FrameSourceDataViewType Instance { get; } = new();

    public override bool Equals(DataViewType? other) => other is FrameSourceDataViewType;

    public override string ToString() => "FrameSource";
}
