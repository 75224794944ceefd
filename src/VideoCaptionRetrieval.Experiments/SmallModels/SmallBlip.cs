using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Experiments;

/// <summary>A BLIP captioning checkpoint with random weights and a vocabulary of its own.</summary>
internal static class SmallBlip
{
    private const int PatchSize = 16, HiddenSize = 64, Layers = 2, Heads = 4, Positions = 64;

    /// <summary>Far from zero, so that captions of different pictures differ even without training.</summary>
    private const double InitializerRange = 0.3;

    private const string Words = """
        a the an one two three some of in on at with near under over behind and is are moves stands turns grows falls flies waits
        shines red green blue yellow orange purple white black grey pink dark bright small large round square long old new box ball ring
        star line field sky road river house tree bird dog cat fish horse man woman child boat car train bridge window door table book
        lamp clock flower mountain cloud wave light shadow pattern colour picture middle left right top bottom side
        """;

    internal static void Write(string folder, int seed)
    {
        var tokens = WordPieceTable.Tokens(
            Words.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        var config = new BlipConfig
        {
            InitializerRange = InitializerRange,
            Vision = new()
            {
                HiddenSize = HiddenSize,
                IntermediateSize = 4 * HiddenSize,
                Layers = Layers,
                Heads = Heads,
                ImageSize = SmallModels.ImageSize,
                PatchSize = PatchSize,
            },
            Text = new()
            {
                VocabularySize = tokens.Count + 1,      // the start token is not in the file, as in the published checkpoints
                HiddenSize = HiddenSize,
                IntermediateSize = 4 * HiddenSize,
                Layers = Layers,
                Heads = Heads,
                Positions = Positions,
                StartId = tokens.Count,
                EndId = tokens.IndexOf("[SEP]"),
                PaddingId = tokens.IndexOf("[PAD]"),
            },
        };
        using var model = BlipModel.Create(config, seed);
        BlipFolder.Write(folder, model, new(tokens, new(), WordPieceFiles.Vocabulary));
    }
}
