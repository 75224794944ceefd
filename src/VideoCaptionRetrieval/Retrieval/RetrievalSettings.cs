using System.Text.Json.Serialization;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>What a retrieval transformer holds beside its checkpoint.</summary>
/// <param name="FramesColumn">The frame column it reads.</param>
/// <param name="FrameErrorColumn">The column that says why a video could not be read; it may be absent from the data.</param>
/// <param name="FrameCount">N, the frames of a video that it was trained with.</param>
/// <param name="Scoring">Pooling, τ, normalisation.</param>
internal sealed record RetrievalSettings(string FramesColumn, string FrameErrorColumn, int FrameCount, FrameScoring Scoring)
{
    internal void Write(ModelWriter writer) => SavedSettings.Write(writer,
        new SavedRetrievalSettings(FramesColumn, FrameErrorColumn, FrameCount, Scoring.Pooling, Scoring.Temperature, Scoring.NormaliseFrames),
        RetrievalJson.Default.SavedRetrievalSettings);

    internal static RetrievalSettings Read(ModelReader reader)
    {
        if (reader.Version == 1) return ReadVersion1(reader);
        var saved = SavedSettings.Read(reader, RetrievalJson.Default.SavedRetrievalSettings);
        return new(saved.FramesColumnName, saved.FrameErrorColumnName, saved.FrameCount,
            new() { Pooling = saved.Pooling, Temperature = saved.Temperature, NormaliseFrames = saved.NormaliseFrames });
    }

    // Two texts (columns), int frame count, double τ, int pooling, bool normalise frames.
    private static RetrievalSettings ReadVersion1(ModelReader reader) => new(reader.ReadString(), reader.ReadString(), reader.ReadInt32(), new()
    {
        Temperature = reader.ReadDouble(),
        Pooling = reader.ReadEnum<FramePooling>(),
        NormaliseFrames = reader.ReadBoolean(),
    });
}

/// <summary>What a saved model holds of <see cref="RetrievalSettings"/>; the names are those of the file.</summary>
internal sealed record SavedRetrievalSettings(
    string FramesColumnName = FrameColumn.DefaultName,
    string FrameErrorColumnName = FrameSamplerTransformer.ErrorColumn,
    int FrameCount = FrameColumn.DefaultCount,
    FramePooling Pooling = FramePooling.QueryScoring,
    double Temperature = FrameScoring.DefaultTemperature,
    bool NormaliseFrames = false);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    Converters = [typeof(NamedEnum<FramePooling>)])]
[JsonSerializable(typeof(SavedRetrievalSettings))]
internal sealed partial class RetrievalJson : JsonSerializerContext;
