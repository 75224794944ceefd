using TorchSharp;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Objective;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>A small CLIP, trained on alt text with its symmetric contrastive loss.</summary>
internal static class ClipTraining
{
    internal const int ContextLength = 40;
    private static readonly double LargestLogScale = Math.Log(100);

    /// <summary>Trains and writes the checkpoint.</summary>
    internal static void Run(
        ImageModelData data, string folder, string eye, Func<string, StageOptions, TrainingStage> stage, ImageModelOptions options)
    {
        var tokenizerFiles = WordTokenizers.Clip(data.Words);
        using var model = Create(WordTokenizers.Count(tokenizerFiles), data.Tagged.Images.Size, options.Seed);
        VisionTowerPretraining.Run(new(model, pixels => model.vision_model.Forward(pixels)), data.Tagged, eye, stage("clip eye", options.Eye));
        Train(model, Tokenizer(tokenizerFiles), data.AltText, stage("clip", options.Clip));
        model.Save(folder, new Dictionary<string, byte[]>(tokenizerFiles)
        {
            [CheckpointFiles.Preprocessor] = PreprocessorConfig.Write(new(new(data.Tagged.Images.Size))),
        });
    }

    private static ClipModel Create(int vocabulary, int imageSize, int seed)
    {
        var text = new ClipTowerConfig(NetworkShape.Width, NetworkShape.Hidden, NetworkShape.TextLayers, NetworkShape.Heads,
            ClipActivation.Gelu);
        var (start, end) = (vocabulary - 2, vocabulary - 1);
        var model = new ClipModel(new(new(text, vocabulary, ContextLength, end, start, PaddingId: end),
            new(text with { Layers = NetworkShape.VisionLayers }, imageSize, NetworkShape.Patch), NetworkShape.Width));
        StartingWeights.Fill(model, seed);
        return model;
    }

    private static void Train(ClipModel model, ClipTokenizer tokenizer, CaptionedImages data, TrainingStage stage)
    {
        var random = new Random(stage.Seed);
        // Half of the texts end in a full stop, as ClipCap's captions do: else it would be a token that was never trained.
        Tensor Texts(int[] batch) =>
            tensor(tokenizer.EncodeBatch([.. batch.Select(i => random.Next(2) == 0 ? data.Captions[i] : data.Captions[i] + ".")]));

        stage.Run([.. model.parameters()], data.Images.Count, batch =>
        {
            var images = nn.functional.normalize(model.EncodeImages(PixelValues.Normalise(data.Images, batch)), dim: -1);      // (B, D)
            var texts = nn.functional.normalize(model.EncodeTexts(Texts(batch)), dim: -1);                              // (B, D)
            return InfoNce.Symmetric(images.matmul(texts.t()), model.logit_scale).Combine(BidirectionalLoss.Average);
        }, () => Clamp(model));
    }

    /// <summary>Keeps the factor on cosines at or below 100 (CLIP, section 2.5).</summary>
    internal static void Clamp(DualEncoderModel model)
    {
        using var noGradient = no_grad();
        using Scalar largest = LargestLogScale;
        model.LogScale.clamp_(max: largest);
    }

    /// <summary>A tokenizer is read from a folder; the checkpoint's appears only once the network is trained.</summary>
    private static ClipTokenizer Tokenizer(IReadOnlyDictionary<string, byte[]> files) =>
        WordTokenizers.Load(files, folder => ClipTokenizer.Load(folder, contextLength: ContextLength));
}
