using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.Experiments.ImageModels;
using VideoCaptionRetrieval.Experiments.ShapeWorld;
using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Scoring;

namespace VideoCaptionRetrieval.Experiments.Proofs;

/// <summary>How good the small models are on still images that none of them has seen, for their model cards.</summary>
/// <param name="TextToImage">How CLIP finds an image by its careful caption.</param>
/// <param name="Captions">What captioners say, by name.</param>
internal sealed record ModelQuality(RetrievalMetrics TextToImage, IReadOnlyDictionary<string, CaptionPrecision> Captions)
{
    /// <summary>Measures the models of a folder.</summary>
    /// <param name="folder">clip, blip, clipcap.</param>
    /// <param name="seed">The seed of the world; the images are of a set of their own.</param>
    /// <param name="count">How many images.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal static ModelQuality Measure(string folder, int seed, int count, CancellationToken cancellationToken)
    {
        var (pixels, labels) = new StillImages(seed).HeldOut(count);
        var clip = Path.Combine(folder, ImageModelTraining.Clip);
        return new(Retrieval(clip, pixels, [.. labels.Select(label => label.Caption)]), new[] { ImageModelTraining.Blip, ImageModelTraining.ClipCap }.ToDictionary(name => name, name =>
        {
            var opened = CaptionerFolder.Open(Path.Combine(folder, name));
            using var captioner = opened.Load();
            return CaptionPrecision.Of(captioner.Caption(pixels, count, cancellationToken), [.. labels.Select(label => label.Still)]);
        }));
    }

    private static RetrievalMetrics Retrieval(string clip, byte[] pixels, IReadOnlyList<string> captions)
    {
        using var encoder = ClipInference.Open(ClipCheckpoint.Open(clip));
        var (images, texts) = (new float[captions.Count * encoder.Dimension], new float[captions.Count * encoder.Dimension]);
        encoder.EmbedFrames(pixels, captions.Count, images);
        encoder.EmbedTexts(captions, texts);
        return new RetrievalEvaluator { Scoring = FrameScoring.Default }
            .Evaluate([.. images.Chunk(encoder.Dimension)], [.. texts.Chunk(encoder.Dimension)], [.. Enumerable.Range(0, captions.Count)], encoder.Dimension).TextToVideo;
    }
}
