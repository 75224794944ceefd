using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Torch.Training.Data;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>Finds the pairs of a batch that are no negatives of each other.</summary>
internal static class FalseNegativeMask
{
    /// <summary>Computes the mask.</summary>
    /// <param name="items">The videos of the batch, with the captions of this step.</param>
    /// <param name="ids">[K, T], token ids of their captions, video by video: captions are equal where the network sees the same tokens.</param>
    /// <param name="rule">Which pairs are masked.</param>
    /// <returns>[B, B], symmetric, false on the diagonal; null where no pair is masked.</returns>
    internal static bool[,]? Compute(IReadOnlyList<TrainingItem> items, long[,] ids, FalseNegatives rule)
    {
        if (rule == FalseNegatives.Keep) return null;
        var masked = new bool[items.Count, items.Count];
        var any = false;
        void Mask(IEnumerable<IEnumerable<int>> groups)
        {
            foreach (var group in groups.Select(group => group.Distinct().ToArray()))
                foreach (var i in group)
                    foreach (var j in group.Where(j => j != i)) any = masked[i, j] = true;
        }
        var videos = Enumerable.Range(0, items.Count);
        Mask(videos.GroupBy(i => items[i].File, StringComparer.Ordinal));
        if (rule == FalseNegatives.MaskSameFileAndCaption)
        {
            var owners = videos.SelectMany(i => Enumerable.Repeat(i, items[i].Captions.Count)).ToArray();
            Mask(Enumerable.Range(0, owners.Length).GroupBy(k => Tokens(ids, k), k => owners[k], StringComparer.Ordinal));
        }
        return any ? masked : null;
    }

    /// <summary>The tokens of a caption as a text that can be compared.</summary>
    private static string Tokens(long[,] ids, int caption)
    {
        var length = ids.GetLength(1);
        return Convert.ToHexString(MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref ids[caption, 0], length)));
    }
}
