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
    int KeepJoint = ClipScoreFilterOptions.DefaultKeepJoint,
    double? MinimumScore = null,
    bool RemoveDuplicates = false,
    string Prefix = "",
    int ImagesPerBatch = ClipScoreFilterOptions.DefaultImagesPerBatch,
    int Seed = 1,
    double WeightTemperature = ClipScoreFilterOptions.DefaultWeightTemperature)
{
    internal static ClipScoreFilterSettings From(ClipScoreFilterOptions options, CheckpointReference checkpoint) => new(
        checkpoint, options.CaptionsColumnName, options.FramesColumnName, options.Selection, options.KeepPerCaptioner, options.KeepJoint,
        options.MinimumScore, options.RemoveDuplicates, options.Prefix, options.ImagesPerBatch, options.Seed, options.WeightTemperature);

    internal ClipScoreFilterOptions ToOptions() => new()
    {
        CheckpointFolder = Checkpoint.Folder,
        CaptionsColumnName = CaptionsColumnName,
        FramesColumnName = FramesColumnName,
        Selection = Selection,
        KeepPerCaptioner = KeepPerCaptioner,
        KeepJoint = KeepJoint,
        MinimumScore = MinimumScore,
        RemoveDuplicates = RemoveDuplicates,
        Prefix = Prefix,
        ImagesPerBatch = ImagesPerBatch,
        Seed = Seed,
        WeightTemperature = WeightTemperature,
    };

    internal void Write(ModelWriter writer) => SavedSettings.Write(writer, this, ClipScoreFilterJson.Default.ClipScoreFilterSettings);

    internal static ClipScoreFilterSettings Read(ModelReader reader) =>
        reader.Version == 1 ? ReadVersion1(reader) : SavedSettings.Read(reader, ClipScoreFilterJson.Default.ClipScoreFilterSettings);

    // The checkpoint, then every setting in the order of the parameters.
    private static ClipScoreFilterSettings ReadVersion1(ModelReader reader) => new(
        CheckpointReference.ReadVersion1(reader), reader.ReadString(), reader.ReadString(), reader.ReadEnum<CaptionSelectionRule>(),
        reader.ReadInt32(), reader.ReadInt32(), reader.ReadOptionalDouble(), reader.ReadBoolean(), reader.ReadString(), reader.ReadInt32(),
        reader.ReadInt32(), reader.ReadDouble());
}

// A least score may be infinite, which JSON has no number for.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, Converters = [typeof(NamedEnum<CaptionSelectionRule>)])]
[JsonSerializable(typeof(ClipScoreFilterSettings))]
internal sealed partial class ClipScoreFilterJson : JsonSerializerContext;
