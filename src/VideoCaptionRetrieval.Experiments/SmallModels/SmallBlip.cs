using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.Blip;

namespace VideoCaptionRetrieval.Experiments;

/// <summary>BLIP checkpoints with random weights and vocabularies of their own.</summary>
internal static class SmallBlip
{
    private const int PatchSize = 16, HiddenSize = 64, Layers = 2, Heads = 4, Positions = 64;

    /// <summary>Far from zero, so that captions of different pictures differ even without training.</summary>
    private const double InitializerRange = 0.3;

    /// <summary>Near enough to zero to be trained.</summary>
    private const double RetrievalRange = 0.1;

    private const string Words = """
        a the an one two three some of in on at with near under over behind and is are moves stands turns grows falls flies waits
        shines red green blue yellow orange purple white black grey pink dark bright small large round square long old new box ball ring
        star line field sky road river house tree bird dog cat fish horse man woman child boat car train bridge window door table book
        lamp clock flower mountain cloud wave light shadow pattern colour picture middle left right top bottom side
        """;

    internal static void Write(string folder, int seed, BlipTask task)
    {
        var tokens = WordPieceTable.Tokens(
            Words.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        var config = new BlipConfig
        {
            InitializerRange = task == BlipTask.Retrieval ? RetrievalRange : InitializerRange,
            ProjectionSize = SmallModels.Dimension,
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
                VocabularySize = BlipTextConfig.VocabularyOf(tokens.Count, task),
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
        var tokenizer = new WordPieceTokenizer(tokens, new(), WordPieceFiles.Vocabulary);
        if (task == BlipTask.Retrieval)
        {
            using var network = BlipRetrievalModel.Create(config, seed);
            BlipFolder.Write(folder, network.Save, tokenizer, new(new(SmallModels.ImageSize, FrameFit.Stretch)));
            return;
        }
        using var model = BlipCaptioningModel.Create(config, seed);
        model.Save(folder, tokenizer);
    }
}
