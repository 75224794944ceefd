using System.Text.Json.Serialization;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>What a saved model holds of a frame sampler; the names are those of the file.</summary>
internal sealed record FrameSamplerSettings(
    IReadOnlyList<FrameColumnSettings> Columns,
    string InputColumnName = FrameSamplerOptions.DefaultInputColumnName,
    string VideoIdColumnName = FrameSamplerOptions.DefaultVideoIdColumnName,
    string ClipStartColumnName = FrameSamplerOptions.DefaultClipStartColumnName,
    string ClipEndColumnName = FrameSamplerOptions.DefaultClipEndColumnName,
    FrameErrorHandling OnError = FrameErrorHandling.Throw,
    int? ParallelVideos = null,
    PixelAspect PixelAspect = PixelAspect.Square)
{
    internal static FrameSamplerSettings From(FrameSamplerOptions options) => new(
        [.. options.Columns.Select(FrameColumnSettings.From)], options.InputColumnName, options.VideoIdColumnName, options.ClipStartColumnName,
        options.ClipEndColumnName, options.OnError, options.ParallelVideos, options.Ffmpeg.PixelAspect);

    internal FrameSamplerOptions ToOptions() => new()
    {
        Columns = [.. Columns.Select(column => column.ToColumn())],
        InputColumnName = InputColumnName,
        VideoIdColumnName = VideoIdColumnName,
        ClipStartColumnName = ClipStartColumnName,
        ClipEndColumnName = ClipEndColumnName,
        OnError = OnError,
        ParallelVideos = ParallelVideos,
        Ffmpeg = new() { PixelAspect = PixelAspect },
    };

    internal void Write(ModelWriter writer) => SavedSettings.Write(writer, this, FrameSamplerJson.Default.FrameSamplerSettings);

    internal static FrameSamplerSettings Read(ModelReader reader) =>
        reader.Version == 1 ? ReadVersion1(reader) : SavedSettings.Read(reader, FrameSamplerJson.Default.FrameSamplerSettings);

    // Four texts (columns), int error handling, optional int videos at once, list of columns.
    private static FrameSamplerSettings ReadVersion1(ModelReader reader)
    {
        var (input, videoId, start, end) = (reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString());
        var (onError, parallel) = (reader.ReadEnum<FrameErrorHandling>(), reader.ReadOptionalInt32());
        return new(reader.ReadList(() => FrameColumnSettings.ReadVersion1(reader)), input, videoId, start, end, onError, parallel);
    }
}

/// <summary>A column of a saved frame sampler.</summary>
internal sealed record FrameColumnSettings(
    string Name,
    int Size,
    int Count = FrameColumn.DefaultCount,
    FrameFit Fit = FrameFit.CenterCrop,
    CropRule CropRule = CropRule.Torchvision,
    ResizeFilter Filter = ResizeFilter.Bicubic,
    FrameSelectionKind Selection = FrameSelectionKind.SegmentMiddles,
    IReadOnlyList<double>? Seconds = null)
{
    internal static FrameColumnSettings From(FrameColumn column) => new(
        column.Name, column.Format.Size, column.Count, column.Format.Fit, column.Format.CropRule, column.Format.Filter,
        column.Selection.Kind, column.Selection.Numbers);

    internal FrameColumn ToColumn() =>
        new(Name, new(Size, Fit, CropRule, Filter), Count) { Selection = FrameSelection.Create(Selection, Seconds ?? []) };

    // Text, int frames, int pixels, int fit, int crop rule, int filter, int kind of selection, list of double.
    internal static FrameColumnSettings ReadVersion1(ModelReader reader)
    {
        var (name, count, size) = (reader.ReadString(), reader.ReadInt32(), reader.ReadInt32());
        return new(name, size, count, reader.ReadEnum<FrameFit>(), reader.ReadEnum<CropRule>(), reader.ReadEnum<ResizeFilter>(),
            reader.ReadEnum<FrameSelectionKind>(), reader.ReadList(reader.ReadDouble));
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    Converters = [typeof(NamedEnum<FrameErrorHandling>), typeof(NamedEnum<FrameFit>), typeof(NamedEnum<CropRule>), typeof(NamedEnum<ResizeFilter>),
        typeof(NamedEnum<FrameSelectionKind>), typeof(NamedEnum<PixelAspect>)])]
[JsonSerializable(typeof(FrameSamplerSettings))]
internal sealed partial class FrameSamplerJson : JsonSerializerContext;
