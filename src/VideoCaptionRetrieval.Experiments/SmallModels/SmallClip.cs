using System.Text;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.Clip;

namespace VideoCaptionRetrieval.Experiments;

/// <summary>A CLIP checkpoint with random weights and a vocabulary of single bytes, so that it reads any text.</summary>
internal static class SmallClip
{
    private const int PatchSize = 16, HiddenSize = 64, Layers = 2, Heads = 4, ContextLength = 77;

    internal static void Write(string folder, int seed)
    {
        var vocabulary = Vocabulary();
        var (start, end) = (vocabulary.Count - 2, vocabulary.Count - 1);
        var tower = new ClipTowerConfig(HiddenSize, 4 * HiddenSize, Layers, Heads);
        var config = new ClipConfig(
            new(tower, vocabulary.Count, ContextLength, EndOfTextId: end, StartOfTextId: start, PaddingId: end),
            new(tower, SmallModels.ImageSize, PatchSize), SmallModels.Dimension);

        using var model = ClipModel.Create(config, seed);
        model.Save(folder, new Dictionary<string, byte[]>(Tokenizer([]))
        {
            [CheckpointFiles.Preprocessor] = Text(Preprocessor()),
        });
    }

    /// <summary>vocab.json and merges.txt of a byte-level tokenizer.</summary>
    /// <param name="merges">Lines of merges.txt, best first, such as "d o" and "do g&lt;/w&gt;".</param>
    internal static Dictionary<string, byte[]> Tokenizer(IReadOnlyList<string> merges) =>
        BytePairTable.Files(Vocabulary(BytePairTable.Merged(merges)), merges);

    /// <summary>CLIP's byte alphabet, plain and at the end of a word, then merged tokens, then the two special ones.</summary>
    private static List<string> Vocabulary(params IEnumerable<string> merged) =>
    [
        .. BytePairTable.Letters, .. BytePairTable.Letters.Select(letter => letter + ClipVocabulary.EndOfWord), .. merged,
        ClipVocabulary.StartToken, ClipVocabulary.EndToken,
    ];

    private static byte[] Text(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static JsonObject Preprocessor() => new()
    {
        ["image_processor_type"] = "CLIPImageProcessor",
        ["size"] = new JsonObject { ["shortest_edge"] = SmallModels.ImageSize },
        ["crop_size"] = new JsonObject { ["height"] = SmallModels.ImageSize, ["width"] = SmallModels.ImageSize },
        ["do_center_crop"] = true,
        ["resample"] = 3,
    };
}
