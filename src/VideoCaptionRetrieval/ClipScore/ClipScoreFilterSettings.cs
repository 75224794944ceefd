using System.Text.Json.Serialization;
using VideoCaptionRetrieval.Interop;

namespace VideoCaptionRetrieval.ClipScore;

/// <summary>What a saved model holds of a CLIPScore filter; the names are those of the file.</summary>
internal sealed record ClipScoreFilterSettings(
    CheckpointReference Checkpoint,
    string CaptionsColumnName = ClipScoreFilterOptions.DefaultCaptionsColumnName,
    string FramesColumnName = FrameColumn.DefaultName,
    CaptionSelectionRule Selection = CaptionSelectionRule.TopPerCaptioner,
    int KeepPerCaptioner = ClipScoreFilterOptions.DefaultKeepPerCaptioner,
    [property: JsonPropertyName("keepJoint")] int KeepOverall = ClipScoreFilterOptions.DefaultKeepOverall,
    double? MinimumScore = null,
    bool RemoveDuplicates = false,
    string Prefix = "",
    int ImagesPerBatch = ClipScoreFilterOptions.DefaultImagesPerBatch,
    int Seed = 1)
{
    /// <summary>The temperature of the caption weights that the filter once computed.</summary>
    private const string Obsolete = "weightTemperature";

    internal static ClipScoreFilterSettings From(ClipScoreFilterOptions options, CheckpointReference checkpoint) => new(
        checkpoint, options.CaptionsColumnName, options.FramesColumnName, options.Selection, options.KeepPerCaptioner, options.KeepOverall,
        options.MinimumScore, options.RemoveDuplicates, options.Prefix, options.ImagesPerBatch, options.Seed);

    internal ClipScoreFilterOptions ToOptions() => new()
    {
        CheckpointFolder = Checkpoint.Folder,
        CaptionsColumnName = CaptionsColumnName,
        FramesColumnName = FramesColumnName,
        Selection = Selection,
        KeepPerCaptioner = KeepPerCaptioner,
        KeepOverall = KeepOverall,
        MinimumScore = MinimumScore,
        RemoveDuplicates = RemoveDuplicates,
        Prefix = Prefix,
        ImagesPerBatch = ImagesPerBatch,
        Seed = Seed,
    };

    internal void Write(ModelWriter writer) => SavedSettings.Write(writer, this, ClipScoreFilterJson.Default.ClipScoreFilterSettings);

    internal static ClipScoreFilterSettings Read(ModelReader reader) =>
        reader.Version == 1 ? ReadVersion1(reader) : SavedSettings.Read(reader, ClipScoreFilterJson.Default.ClipScoreFilterSettings, Obsolete);

    // The checkpoint, then every setting in the order of the parameters, then the temperature of the weights.
    private static ClipScoreFilterSettings ReadVersion1(ModelReader reader)
    {
        var settings = new ClipScoreFilterSettings(CheckpointReference.ReadVersion1(reader), reader.ReadString(), reader.ReadString(),
            reader.ReadEnum<CaptionSelectionRule>(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadOptionalDouble(), reader.ReadBoolean(),
            reader.ReadString(), reader.ReadInt32(), reader.ReadInt32());
        _ = reader.ReadDouble();
        return settings;
    }
}

// A minimum score may be infinite, which JSON has no number for.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = [typeof(NamedEnum<CaptionSelectionRule>)])]
[JsonSerializable(typeof(ClipScoreFilterSettings))]
internal sealed partial class ClipScoreFilterJson : JsonSerializerContext;
