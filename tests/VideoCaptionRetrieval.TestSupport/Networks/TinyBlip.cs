using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.Blip;

namespace VideoCaptionRetrieval.TestSupport.Networks;

/// <summary>
/// BLIP checkpoints with random weights, wide enough that captions depend on the images. Towers of different widths, room for 32 tokens.
/// </summary>
internal static class TinyBlip
{
    internal const int ImageSize = 32;

    private static readonly string[] Words =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "picture", "of", "dog", "cat", "red", "blue", "on", "the", "grass", "##s", "runs",
        "with", "two", "tree", ".", ",", "house", "green", "ball", "near", "water", "man", "woman", "street", "big", "small",
    ];

    internal static BlipConfig Config { get; } = new()
    {
        InitializerRange = 0.3,
        ProjectionSize = 12,
        Vision = new() { HiddenSize = 24, IntermediateSize = 48, Layers = 2, Heads = 3, ImageSize = ImageSize, PatchSize = 8 },
        Text = new()
        {
            VocabularySize = Words.Length + 2,
            HiddenSize = 20,
            IntermediateSize = 40,
            Layers = 2,
            Heads = 2,
            Positions = 32,
            StartId = Words.Length,
            EndId = 3,
            PaddingId = 0,
        },
    };

    internal static WordPieceTokenizer Tokenizer { get; } = new(Words, new(), "vocab.txt");

    /// <summary>Writes a checkpoint, in place of what the folder held.</summary>
    internal static void Write(string folder, int seed = 7)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        using var model = BlipCaptioningModel.Create(Config, seed);
        model.Save(folder, Tokenizer);
    }

    /// <summary>Writes a checkpoint for retrieval into a new folder.</summary>
    internal static void WriteRetrieval(string folder, int seed = 7)
    {
        using var model = BlipRetrievalModel.Create(Config, seed);
        BlipFolder.Write(folder, model.Save, Tokenizer, new(new(ImageSize, FrameFit.Stretch)));
    }

    /// <summary>Frames [count, S, S, 3] of smooth random colours, each unlike the others.</summary>
    internal static byte[] Frames(int count, int seed = 3)
    {
        var random = new Random(seed);
        var frames = new byte[count * 3 * ImageSize * ImageSize];
        for (var frame = 0; frame < count; frame++)
        {
            var (fx, fy, phase) = (random.NextDouble(), random.NextDouble(), random.NextDouble() * 6);
            for (var i = 0; i < ImageSize * ImageSize; i++)
                for (var channel = 0; channel < 3; channel++)
                {
                    var wave = Math.Sin((fx * (i % ImageSize)) + (fy * (i / ImageSize)) + (phase * (channel + 1)));
                    frames[(((frame * ImageSize * ImageSize) + i) * 3) + channel] = (byte)(127.5 + (127 * wave));
                }
        }
        return frames;
    }
}
