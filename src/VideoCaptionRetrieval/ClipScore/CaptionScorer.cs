using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.ClipScore;

/// <summary>
/// Scores captions against frames, CLIPScore = 2.5·max(cos, 0), and selects among the captions of a video by the options of
/// <see cref="ClipScoreFilter"/>. Thread-safe where the encoder is.
/// </summary>
/// <param name="encoder">The CLIP that embeds frames and captions; the caller owns and disposes it.</param>
/// <param name="options">Prefix and selection rule.</param>
public sealed class CaptionScorer(IDualEncoder encoder, ClipScoreFilterOptions options)
{
    /// <summary>Scores each caption against its frame; equal texts are embedded once.</summary>
    /// <param name="frames">[N, S, S, 3] bytes, RGB, row-major, in the encoder's <see cref="IDualEncoder.FrameFormat"/>.</param>
    /// <param name="captions">The texts, without the prefix.</param>
    /// <param name="frameIndices">For each caption the index of its frame in <paramref name="frames"/>.</param>
    /// <returns>A score for each caption, in [0, 2.5]; NaN where the caption has no text.</returns>
    public double[] Score(ReadOnlySpan<byte> frames, IReadOnlyList<string> captions, IReadOnlyList<int> frameIndices)
    {
        var (count, dimension) = (frames.Length / encoder.FrameFormat.FrameBytes, encoder.Dimension);
        var images = new float[count * dimension];
        encoder.EmbedFrames(frames, count, images);
        var distinct = captions.Where(text => !string.IsNullOrWhiteSpace(text)).Distinct().ToArray();
        var texts = new float[distinct.Length * dimension];
        encoder.EmbedTexts([.. distinct.Select(text => options.Prefix + text)], texts);
        var rows = distinct.Index().ToDictionary(text => text.Item, text => text.Index);
        return [.. captions.Select((text, i) => rows.TryGetValue(text, out var row)
            ? QueryScoring.ClipScore(images.AsSpan(frameIndices[i] * dimension, dimension), texts.AsSpan(row * dimension, dimension))
            : double.NaN)];
    }

    /// <summary>Selects among the scored captions of one video by the options.</summary>
    /// <returns>The captions that are kept, captioner after captioner, or best first where all captioners compete.</returns>
    public IReadOnlyList<ScoredCaption> Select(IReadOnlyCollection<ScoredCaption> captions) => options.Select(captions);
}
