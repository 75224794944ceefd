using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Objective;
using VideoCaptionRetrieval.Video;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Experiments.ImageModels;

/// <summary>
/// A small BLIP for retrieval, trained with the two losses of BLIP that are not of a captioner: image-text contrast, and image-text matching
/// with hard negatives (arXiv 2201.12086, section 3.2; without its momentum encoder and queue). First contrast on alt text, for its words; then
/// both on careful captions, as published ones are fine-tuned on COCO. Its vision tower starts from the captioner's: BLIP's pre-training shares
/// one tower between its losses.
/// </summary>
internal static class BlipRetrievalTraining
{
    /// <summary>Trains and writes the checkpoint.</summary>
    internal static void Run(
        ImageModelData data, string folder, string captioner, Func<string, StageOptions, TrainingStage> stage, ImageModelOptions options)
    {
        var tokenizer = WordTokenizers.Blip(data.Words);
        using var model = new BlipRetrievalModel(BlipTraining.Config(tokenizer, data.AltText.Images.Size, BlipTask.Retrieval));
        StartingWeights.Fill(model, options.Seed);
        new VisionTower(model, pixels => model.EncodeImageTokens(pixels).select(1, 0)).Load(Path.Combine(captioner, CheckpointFiles.Weights));
        Train(model, tokenizer, data.AltText, stage("blip-retrieval", options.BlipRetrieval), matching: false);
        Train(model, tokenizer, data.Careful, stage("blip-retrieval matching", options.BlipMatching), matching: true);
        BlipFolder.Write(folder, model.Save, tokenizer, new(new(data.AltText.Images.Size, FrameFit.Stretch)));
    }

    private static void Train(BlipRetrievalModel model, WordPieceTokenizer tokenizer, CaptionedImages data, TrainingStage stage, bool matching)
    {
        var draws = new DrawSequence(stage.Seed, 0, HardNegativePairs.DrawName);
        stage.Run([.. model.parameters()], data.Images.Count, batch =>
        {
            string[] captions = [.. batch.Select(i => data.Captions[i])];
            var ids = tensor(tokenizer.EncodeBatch(captions, TorchBlipEncoder.MaxLengthOf(model.Config)));                   // (B, T)
            var tokens = model.EncodeImageTokens(PixelValues.Normalise(data.Images, batch));                                   // (B, P, Dv)
            var images = nn.functional.normalize(model.ProjectImages(tokens), dim: -1);                                 // (B, D)
            var texts = nn.functional.normalize(model.EncodeTexts(ids), dim: -1);                                       // (B, D)
            var similarity = images.matmul(texts.t());                                                                  // (B, B)
            var contrast = InfoNce.Symmetric(similarity, model.LogScale).Combine(BidirectionalLoss.Average);
            if (!matching) return contrast;
            var logits = Logits(similarity, model.LogScale, captions);
            var pairs = HardNegativePairs.Draw(logits, [.. Enumerable.Range(0, batch.Length)], ref draws);
            return contrast.Plus(Matching(model, ids, tokens, pairs));
        }, () => ClipTraining.Clamp(model));
    }

    /// <summary>Cross-entropy over pairs of an image and a caption: do they belong together?</summary>
    private static Tensor Matching(BlipRetrievalModel model, Tensor ids, Tensor tokens, HardNegativePairs pairs)
    {
        var images = tensor(pairs.Video.Select(image => (long)image).ToArray());
        var captions = tensor(pairs.Caption.Select(caption => (long)caption).ToArray());
        var matches = tensor(pairs.Matches.Select(match => match ? 1L : 0L).ToArray());                                 // (3·B)
        var logits = model.MatchLogits(model.WithEncodeToken(ids).index_select(0, captions), tokens.index_select(0, images));   // (3·B, 2)
        return nn.functional.cross_entropy(logits, matches);
    }

    /// <summary>[B, B] scaled similarities; −∞ where another image has the same caption: it is never drawn as one that does not match.</summary>
    private static float[,] Logits(Tensor similarity, Tensor logScale, string[] captions)
    {
        using var noGradient = no_grad();
        var flat = (similarity * logScale.exp()).contiguous().data<float>();
        var values = new float[captions.Length, captions.Length];
        for (var image = 0; image < captions.Length; image++)
            for (var caption = 0; caption < captions.Length; caption++)
                values[image, caption] = image != caption && captions[image] == captions[caption]
                    ? float.NegativeInfinity
                    : flat[(image * captions.Length) + caption];
        return values;
    }
}
