using System.Text.Json;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>Decoding settings as text, as version 1 of a saved image captioner holds them.</summary>
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
