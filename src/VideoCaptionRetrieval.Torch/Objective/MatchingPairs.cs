using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Torch.Objective;

/// <summary>
/// The pairs of a batch whose match is trained, as in BLIP (https://github.com/salesforce/BLIP, models/blip_retrieval.py): every caption with
/// its own video; every video with a caption of another, and every caption with another video, each drawn by the softmax of the
/// similarities, so that those that are hard to tell apart come up most.
/// </summary>
/// <param name="Video">Of each pair the video, 0 to B − 1.</param>
/// <param name="Caption">Of each pair the caption, 0 to K − 1, counted through the captions that exist.</param>
/// <param name="Matches">Whether they belong together.</param>
internal sealed record MatchingPairs(IReadOnlyList<int> Video, IReadOnlyList<int> Caption, IReadOnlyList<bool> Matches)
{
    /// <summary>Draws the negatives.</summary>
    /// <param name="logits">[B, K]: scaled similarities.</param>
    /// <param name="owners">[K]: the video of each caption; at least two videos have one.</param>
    /// <param name="draws">The random numbers.</param>
    internal static MatchingPairs Draw(float[,] logits, IReadOnlyList<int> owners, ref DrawSequence draws)
    {
        var (videos, captions, matches) = (new List<int>(), new List<int>(), new List<bool>());
        void Add(int video, int caption, bool match)
        {
            videos.Add(video);
            captions.Add(caption);
            matches.Add(match);
        }
        for (var k = 0; k < owners.Count; k++) Add(owners[k], k, match: true);
        var all = Enumerable.Range(0, logits.GetLength(0)).ToArray();
        foreach (var video in all)
        {
            var others = Enumerable.Range(0, owners.Count).Where(k => owners[k] != video).ToArray();
            Add(video, others[Choose([.. others.Select(k => logits[video, k])], draws.NextDouble())], match: false);
        }
        for (var k = 0; k < owners.Count; k++)
        {
            var others = all.Where(video => video != owners[k]).ToArray();
            Add(others[Choose([.. others.Select(video => logits[video, k])], draws.NextDouble())], k, match: false);
        }
        return new(videos, captions, matches);
    }

    /// <summary>A place, drawn by the softmax of the logits.</summary>
    /// <param name="logits">At least one.</param>
    /// <param name="draw">In [0, 1).</param>
    private static int Choose(float[] logits, double draw)
    {
        var highest = logits.Max();
        var weights = logits.Select(logit => Math.Exp((double)logit - highest)).ToArray();
        var rest = draw * weights.Sum();
        for (var i = 0; i < weights.Length - 1; i++)
        {
            rest -= weights[i];
            if (rest < 0) return i;
        }
        return weights.Length - 1;
    }
}
