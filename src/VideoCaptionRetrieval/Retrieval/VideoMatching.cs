using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>Runs the matching head of a model on videos and texts.</summary>
public static class VideoMatching
{
    /// <summary>Returns the matching head of a model and opens its network.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static IVideoMatcher Require(MultiCaptionRetrievalTransformer stage) => stage.Encoder as IVideoMatcher ?? throw new ArgumentException(
        "The model is a CLIP, which cannot say whether a video and a text match; "
        + "re-ranking takes a model that was made from a BLIP checkpoint for retrieval.");

    /// <summary>Computes the logit that a video matches each text; of a text of several sentences their mean, as for similarities.</summary>
    /// <param name="matcher">The head.</param>
    /// <param name="frames">[N, S, S, 3].</param>
    /// <param name="texts">For each text its sentences, at least one.</param>
    public static float[] Logits(IVideoMatcher matcher, byte[] frames, IReadOnlyList<IReadOnlyList<string>> texts)
    {
        if (texts.Count == 0) return [];
        var sentences = texts.SelectMany(text => text).ToList();
        var logits = new float[sentences.Count];
        matcher.Match(frames, frames.Length / matcher.FrameFormat.FrameBytes, sentences, logits);
        var (result, start) = (new float[texts.Count], 0);
        for (var i = 0; i < texts.Count; i++)
        {
            result[i] = logits.AsSpan(start, texts[i].Count).ToArray().Average();
            start += texts[i].Count;
        }
        return result;
    }
}
