using System.Text;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Clip;

namespace VideoCaptionRetrieval.Experiments;

/// <summary>A CLIP checkpoint with random weights and a vocabulary of single bytes, so that it reads any text.</summary>
internal static class SmallClip
{
    private const int ImageSize = 64, PatchSize = 16, HiddenSize = 64, Layers = 2, Heads = 4;
    private const int ContextLength = 77;
    private const string StartOfText = "<|startoftext|>", EndOfText = "<|endoftext|>";

    internal static void Write(string folder, int seed)
    {
        var vocabulary = ByteVocabulary();
        var tower = new ClipTowerConfig(HiddenSize, 4 * HiddenSize, Layers, Heads);
        var text = new ClipTextConfig(tower, vocabulary.Count, ContextLength, vocabulary.Count - 1, vocabulary.Count - 2, vocabulary.Count - 1);
        var config = new ClipConfig(text, new(tower, ImageSize, PatchSize), ProjectionSize: HiddenSize);

        using var model = ClipModel.Create(config, seed);
        ClipCheckpoint.Write(folder, model, new Dictionary<string, byte[]>
        {
            ["vocab.json"] = Text(new JsonObject(vocabulary.Select((token, id) => KeyValuePair.Create(token, (JsonNode?)id)))),
            ["merges.txt"] = "#version: 0.2\n"u8.ToArray(),
            ["preprocessor_config.json"] = Text(Preprocessor()),
        });
    }

    private static byte[] Text(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static JsonObject Preprocessor() => new()
    {
        ["image_processor_type"] = "CLIPImageProcessor",
        ["size"] = new JsonObject { ["shortest_edge"] = ImageSize },
        ["crop_size"] = new JsonObject { ["height"] = ImageSize, ["width"] = ImageSize },
        ["do_center_crop"] = true,
        ["resample"] = 3,
    };

    /// <summary>CLIP's byte alphabet, plain and at the end of a word, then the two special tokens.</summary>
    private static List<string> ByteVocabulary()
    {
        // Bytes that are printable keep their character; the others take characters from U+0100 on, in order (GPT-2's table).
        var moved = 0;
        var bytes = Enumerable.Range(0, 256).Select(value =>
            value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE ? (char)value : (char)(256 + moved++)).ToList();
        return [.. bytes.Select(symbol => $"{symbol}"), .. bytes.Select(symbol => $"{symbol}</w>"), StartOfText, EndOfText];
    }
}
