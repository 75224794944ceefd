using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.Blip;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>A small BLIP captioner, trained on careful captions.</summary>
internal static class BlipTraining
{
    private const int Positions = 64;

    /// <summary>Trains and writes the checkpoint.</summary>
    internal static void Run(
        ImageModelData data, string folder, string eye, Func<string, StageOptions, TrainingStage> stage, ImageModelOptions options)
    {
        var tokenizer = WordTokenizers.Blip(data.Words);
        using var model = new BlipCaptioningModel(Config(tokenizer, data.Tagged.Images.Size, BlipTask.Captioning), new(Weight: true, DecoderBias: false, Bias: true));
        StartingWeights.Fill(model, options.Seed);
        VisionTowerPretraining.Run(new(model, pixels => model.EncodeImages(pixels).select(1, 0)), data.Tagged, eye, stage("blip eye", options.Eye));
        Train(model, tokenizer, data.Careful, stage("blip", options.Blip));
        model.Save(folder, tokenizer);
    }

    internal static BlipConfig Config(WordPieceTokenizer tokenizer, int imageSize, BlipTask task) => new()
    {
        ProjectionSize = NetworkShape.Width,
        Vision = new()
        {
            HiddenSize = NetworkShape.Width,
            IntermediateSize = NetworkShape.Hidden,
            Layers = NetworkShape.VisionLayers,
            Heads = NetworkShape.Heads,
            ImageSize = imageSize,
            PatchSize = NetworkShape.Patch,
        },
        Text = new()
        {
            VocabularySize = BlipTextConfig.VocabularyOf(tokenizer.VocabularySize, task),
            HiddenSize = NetworkShape.Width,
            IntermediateSize = NetworkShape.Hidden,
            Layers = NetworkShape.TextLayers,
            Heads = NetworkShape.Heads,
            Positions = Positions,
            StartId = tokenizer.VocabularySize,
            EndId = tokenizer.EndId,
            PaddingId = tokenizer.PaddingId,
        },
    };

    private static void Train(BlipCaptioningModel model, WordPieceTokenizer tokenizer, CaptionedImages data, TrainingStage stage)
    {
        var config = model.Config.Text;
        var captions = data.Captions.Select(caption => BlipPrompt.Encode(caption, tokenizer, config).Append(config.EndId).ToArray()).ToList();
        stage.Run([.. model.parameters()], data.Images.Count, batch =>
        {
            var inputs = CaptionBatch.Ids([.. batch.Select(i => captions[i].AsMemory()[..^1])], config.PaddingId);      // (B, T)
            var logits = model.Logits(inputs, model.EncodeImages(PixelValues.Normalise(data.Images, batch)));                  // (B, T, V)
            return CaptionBatch.Loss(logits, [.. batch.Select(i => captions[i].AsMemory()[1..])]);
        });
    }
}
