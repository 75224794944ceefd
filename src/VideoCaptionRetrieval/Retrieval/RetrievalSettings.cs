using System.Text.Json.Serialization;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>The settings of a retrieval transformer.</summary>
/// <param name="FramesColumn">The frame column to read.</param>
/// <param name="FrameCount">N, the number of frames of a video in training.</param>
/// <param name="Scoring">Pooling, τ, normalisation.</param>
public sealed record RetrievalSettings(string FramesColumn, int FrameCount, FrameScoring Scoring)
{
    internal void Write(ModelWriter writer) => SavedSettings.Write(writer,
        new SavedRetrievalSettings(FramesColumn, FrameCount, Scoring.Pooling, Scoring.Temperature, Scoring.NormaliseFrames),
        RetrievalJson.Default.SavedRetrievalSettings);

    /// <summary>The name of the column of errors, which once could be chosen.</summary>
    private const string Obsolete = "frameErrorColumnName";

    /// <summary>Reads the settings of a saved model.</summary>
    /// <param name="reader">The component's part of the model.</param>
    /// <param name="warn">Receives a warning where the model holds a setting that has no effect any more.</param>
    internal static RetrievalSettings Read(ModelReader reader, Action<string> warn)
    {
        if (reader.Version == 1) return ReadVersion1(reader, warn);
        var saved = SavedSettings.Read(reader, RetrievalJson.Default.SavedRetrievalSettings, Obsolete);
        return new(saved.FramesColumnName, saved.FrameCount,
            new() { Pooling = saved.Pooling, Temperature = saved.Temperature, NormaliseFrames = saved.NormaliseFrames });
    }

    // Two texts (columns), int frame count, double τ, int pooling, bool normalise frames.
    private static RetrievalSettings ReadVersion1(ModelReader reader, Action<string> warn)
    {
        var (frames, error) = (reader.ReadString(), reader.ReadString());
        if (error != FrameSamplerTransformer.ErrorColumn)
        {
            warn($"The saved model reads errors of videos from the column '{error}'; "
                + $"they are now read from '{FrameSamplerTransformer.ErrorColumn}' alone.");
        }
        return new(frames, reader.ReadInt32(), new()
        {
            Temperature = reader.ReadDouble(),
            Pooling = reader.ReadEnum<FramePooling>(),
            NormaliseFrames = reader.ReadBoolean(),
        });
    }
}

/// <summary>What a saved model holds of <see cref="RetrievalSettings"/>; the names are those of the file.</summary>
internal sealed record SavedRetrievalSettings(
    string FramesColumnName = FrameColumn.DefaultName,
    int FrameCount = FrameColumn.DefaultCount,
    FramePooling Pooling = FramePooling.QueryScoring,
    double Temperature = FrameScoring.DefaultTemperature,
    bool NormaliseFrames = false);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    Converters = [typeof(NamedEnum<FramePooling>)])]
[JsonSerializable(typeof(SavedRetrievalSettings))]
internal sealed partial class RetrievalJson : JsonSerializerContext;
