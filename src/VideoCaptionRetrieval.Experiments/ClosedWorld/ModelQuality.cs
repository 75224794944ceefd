using VideoCaptionRetrieval.Evaluation;
using VideoCaptionRetrieval.Experiments.ImageModels;
using VideoCaptionRetrieval.Experiments.ShapeWorld;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Retrieval;

namespace VideoCaptionRetrieval.Experiments.ClosedWorld;

/// <summary>How good the small models are on still images that none of them has seen, for their model cards.</summary>
/// <param name="TextToImage">How an image is found by its careful caption, by the name of the model.</param>
/// <param name="Captions">What captioners say, by name.</param>
public sealed record ModelQuality(IReadOnlyDictionary<string, RetrievalMetrics> TextToImage, IReadOnlyDictionary<string, CaptionPrecision> Captions)
{
    /// <summary>Candidates of a caption that a BLIP's matching head puts in order.</summary>
    private const int Reranked = 10;

    /// <summary>Measures the models of a folder.</summary>
    /// <param name="folder">clip, blip, clipcap, blip-retrieval.</param>
    /// <param name="seed">The seed of the world; the images are of a set of their own.</param>
    /// <param name="count">How many images.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static ModelQuality Measure(string folder, int seed, int count, CancellationToken cancellationToken)
    {
        var (pixels, labels) = new StillImages(seed).HeldOut(count);
        string[] captions = [.. labels.Select(label => label.Caption)];
        RetrievalMetrics Found(string model, int? rerank = null) => Retrieval(Path.Combine(folder, model), pixels, captions, rerank);
        CaptionPrecision Said(string model)
        {
            using var captioner = CheckpointFormats.Require<CaptionerCheckpoint>(Path.Combine(folder, model)).Load();
            return CaptionPrecision.Measure(captioner.Caption(pixels, count, cancellationToken), [.. labels.Select(label => label.Still)]);
        }
        return new(
            new Dictionary<string, RetrievalMetrics>
            {
                [ImageModelTraining.Clip] = Found(ImageModelTraining.Clip),
                [ImageModelTraining.BlipRetrieval] = Found(ImageModelTraining.BlipRetrieval),
                [$"{ImageModelTraining.BlipRetrieval}, best {Reranked} re-ranked"] = Found(ImageModelTraining.BlipRetrieval, Reranked),
            },
            new[] { ImageModelTraining.Blip, ImageModelTraining.ClipCap }.ToDictionary(name => name, Said));
    }

    private static RetrievalMetrics Retrieval(string checkpoint, byte[] pixels, string[] captions, int? rerank)
    {
        using var encoder = CheckpointFormats.Require<DualEncoderCheckpoint>(checkpoint).OpenForInference(new(), default);
        var (images, texts) = (new float[captions.Length * encoder.Dimension], new float[captions.Length * encoder.Dimension]);
        encoder.EmbedFrames(pixels, captions.Length, images);
        encoder.EmbedTexts(captions, texts);
        var evaluator = new RetrievalEvaluator { Scoring = FrameScoring.Default };
        var similarities = evaluator.Similarities([.. images.Chunk(encoder.Dimension)], [.. texts.Chunk(encoder.Dimension)], encoder.Dimension);
        var reranking = rerank is { } best ? Rerank((IVideoMatcher)encoder, pixels, captions, new(similarities, best)) : null;
        return evaluator.Evaluate(similarities, [.. Enumerable.Range(0, captions.Length)], [], reranking).TextToVideo;
    }

    private static MatchReranking Rerank(IVideoMatcher matcher, byte[] pixels, string[] captions, MatchReranking reranking)
    {
        var candidates = reranking.QueriesByVideo();
        var bytes = matcher.FrameFormat.FrameBytes;
        for (var image = 0; image < candidates.Length; image++)
        {
            IReadOnlyList<string>[] texts = [.. candidates[image].Select(query => new[] { captions[query] })];
            reranking.Set(image, candidates[image], VideoMatching.Logits(matcher, pixels[(image * bytes)..((image + 1) * bytes)], texts));
        }
        return reranking;
    }
}

/// <summary>How much of what captions say is in the picture, per cent.</summary>
/// <param name="Kind">Of the kinds that are named.</param>
/// <param name="Colour">Of the colours.</param>
/// <param name="Pair">Of a colour and the kind behind it.</param>
/// <param name="Scene">Of the scenes.</param>
public sealed record CaptionPrecision(double Kind, double Colour, double Pair, double Scene)
{
    private static readonly Dictionary<string, int> _kinds = Entries(Vocabulary.Kinds), _scenes = Entries(Vocabulary.Scenes);
    private static readonly Dictionary<string, int> _colours = Entries([.. Vocabulary.Colours.Select(word => new[] { word })]);

    /// <summary>Compares captions with what is there.</summary>
    internal static CaptionPrecision Measure(IReadOnlyList<string> captions, IReadOnlyList<StillScene> pictures)
    {
        var (kinds, colours, pairs, scenes) = (new Share(), new Share(), new Share(), new Share());
        foreach (var (caption, picture) in captions.Zip(pictures))
        {
            int? colour = null;
            foreach (var word in caption.Split([' ', '.'], StringSplitOptions.RemoveEmptyEntries))
            {
                if (_colours.TryGetValue(word, out var named))
                {
                    colour = named;
                    colours.Add(picture.Objects.Any(item => item.Colour == named));
                }
                if (_scenes.TryGetValue(word, out var scene)) scenes.Add(picture.Scene == scene);
                if (!_kinds.TryGetValue(word, out var kind)) continue;
                kinds.Add(picture.Objects.Any(item => item.Kind == kind));
                if (colour is { } painted) pairs.Add(picture.Objects.Any(item => item.Kind == kind && item.Colour == painted));
                colour = null;
            }
        }
        return new(kinds.PerCent, colours.PerCent, pairs.PerCent, scenes.PerCent);
    }

    private static Dictionary<string, int> Entries(IReadOnlyList<string[]> groups) =>
        groups.SelectMany((words, i) => words.Select(word => (word, i))).ToDictionary(entry => entry.word, entry => entry.i);

    private sealed class Share
    {
        private int _right, _all;

        internal double PerCent => 100.0 * _right / _all;

        internal void Add(bool right) => (_right, _all) = (_right + (right ? 1 : 0), _all + 1);
    }
}
