using System.Text.Json;
using System.Text.Json.Serialization;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>What a saved model holds of an image captioner; the names are those of the file.</summary>
internal sealed record ImageCaptionerSettings(
    IReadOnlyList<CaptionerSettings> Captioners,
    string OutputColumnName = ImageCaptionerOptions.DefaultOutputColumnName,
    string? StorePath = null,
    int ImagesPerBatch = ImageCaptionerOptions.DefaultImagesPerBatch)
{
    internal void Write(ModelWriter writer) => SavedSettings.Write(writer, this, ImageCaptionerJson.Default.ImageCaptionerSettings);

    internal static ImageCaptionerSettings Read(ModelReader reader) =>
        reader.Version == 1 ? ReadVersion1(reader) : SavedSettings.Read(reader, ImageCaptionerJson.Default.ImageCaptionerSettings);

    // Text (column), optional text (store), int images, list of captioners.
    private static ImageCaptionerSettings ReadVersion1(ModelReader reader)
    {
        var (output, store, images) = (reader.ReadString(), reader.ReadOptionalString(), reader.ReadInt32());
        return new(reader.ReadList(() => CaptionerSettings.ReadVersion1(reader)), output, store, images);
    }
}

/// <summary>A captioner of a saved image captioner.</summary>
/// <param name="Name">The label of its captions.</param>
/// <param name="FramesColumnName">The column of the frames that it captions.</param>
/// <param name="Checkpoint">The checkpoint; null = the user's own captioner, of which nothing else is saved.</param>
/// <param name="Generation">How texts are decoded; null = as published.</param>
internal sealed record CaptionerSettings(
    string Name, string FramesColumnName, CheckpointReference? Checkpoint = null, GenerationOptions? Generation = null)
{
    // Int kind, two texts; of a checkpoint the reference, and an optional text of decoding settings.
    internal static CaptionerSettings ReadVersion1(ModelReader reader)
    {
        var (kind, name, framesColumn) = (reader.ReadEnum<CaptionerKind>(), reader.ReadString(), reader.ReadString());
        return kind == CaptionerKind.Custom
            ? new(name, framesColumn)
            : new(name, framesColumn, CheckpointReference.ReadVersion1(reader),
                reader.ReadOptionalString() is { } text ? GenerationJson.Read(text) : null);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ImageCaptionerSettings))]
internal sealed partial class ImageCaptionerJson : JsonSerializerContext;

/// <summary>Reads decoding settings from the text that version 1 of a saved image captioner holds.</summary>
internal static class GenerationJson
{
    /// <exception cref="InvalidDataException">The text is damaged.</exception>
    internal static GenerationOptions Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<GenerationOptions>(text) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The saved model is damaged: decoding settings '{text}' ({e.Message}).", e);
        }
    }
}
