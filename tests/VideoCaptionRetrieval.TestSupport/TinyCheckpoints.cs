using System.Text.Json;
using VideoCaptionRetrieval.Models.Clip;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>Small complete checkpoints, initialised from a seed, with a vocabulary of single bytes.</summary>
public static class TinyCheckpoints
{
    /// <summary>Width and height of the frames that <see cref="WriteClip"/>'s network takes.</summary>
    public const int ImageSize = 16;

    /// <summary>Length of its embeddings.</summary>
    public const int Dimension = 8;

    private const int StartOfText = 512, EndOfText = 513;

    private static readonly ClipConfig Config = new(
        new(new(16, 32, 1, 2), VocabularySize: 514, ContextLength: 24, EndOfTextId: EndOfText, StartOfTextId: StartOfText, PaddingId: EndOfText),
        new(new(16, 32, 1, 2), ImageSize, PatchSize: 8), ProjectionSize: Dimension);

    /// <summary>Writes a CLIP checkpoint in Hugging Face layout into a new or empty folder.</summary>
    public static void WriteClip(string folder, int seed = 5)
    {
        using var model = ClipModel.Create(Config, seed);
        ClipCheckpoint.Write(folder, model, new Dictionary<string, byte[]>
        {
            ["vocab.json"] = JsonSerializer.SerializeToUtf8Bytes(Vocabulary()),
            ["merges.txt"] = "#version: 0.2\n"u8.ToArray(),
            ["preprocessor_config.json"] = JsonSerializer.SerializeToUtf8Bytes(new { crop_size = ImageSize, do_center_crop = true, do_resize = true, resample = 3, size = ImageSize }),
        });
    }

    /// <summary>The 256 letters of the byte-level alphabet, the same at the end of a word, and the two special tokens.</summary>
    private static Dictionary<string, int> Vocabulary()
    {
        var printable = Range('!', '~').Concat(Range('¡', '¬')).Concat(Range('®', 'ÿ')).ToList();
        var letters = printable.Concat(Enumerable.Range(256, 256 - printable.Count)).Select(code => ((char)code).ToString()).ToList();
        var tokens = letters.Concat(letters.Select(letter => letter + "</w>")).Append("<|startoftext|>").Append("<|endoftext|>");
        return tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id);
    }

    private static IEnumerable<int> Range(char first, char last) => Enumerable.Range(first, last - first + 1);
}
