using System.Text.Json;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>Decoding settings as text: how saved models hold them, so that settings added later find their defaults.</summary>
internal static class GenerationText
{
    internal static string Write(GenerationOptions options) => JsonSerializer.Serialize(options);

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
