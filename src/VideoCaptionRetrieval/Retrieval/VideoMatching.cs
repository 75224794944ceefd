using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>Asks a model's matching head about videos and texts.</summary>
internal static class VideoMatching
{
    /// <summary>The matching head of a model, opened with its network.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    internal static IVideoMatcher Of(MultiCaptionRetrievalTransformer stage) => stage.Encoder as IVideoMatcher ?? throw new ArgumentException(
        "The model is a CLIP, which cannot say whether a video and a text match; re-ranking takes a model that was made from a BLIP checkpoint for retrieval.");

    /// <summary>Logits of a video with each text; of a text of several sentences the mean, as similarities are.</summary>
    /// <param name="matcher">The head.</param>
    /// <param name="frames">[N, S, S, 3].</param>
    /// <param name="texts">Of each text its sentences, at least one.</param>
    internal static float[] Logits(IVideoMatcher matcher, byte[] frames, IReadOnlyList<IReadOnlyList<string>> texts)
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
