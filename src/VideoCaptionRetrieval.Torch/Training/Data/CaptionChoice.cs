using System.IO.Hashing;
using System.Text;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>The captions of a video in one epoch.</summary>
internal static class CaptionChoice
{
    /// <summary>The item with the captions that are used. The same seed, epoch and video give the same draw.</summary>
    internal static TrainingItem Of(TrainingItem item, CaptionUse use, int seed, int epoch)
    {
        if (use == CaptionUse.Concatenated) return item with { Captions = [string.Join(' ', item.Captions)], Scores = item.Scores is null ? null : [item.Scores.Max()] };
        if (use == CaptionUse.All || item.Captions.Count == 1) return item;
        var drawn = (int)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(item.Clip.VideoId), ((long)seed << 32) + epoch) % (ulong)item.Captions.Count);
        return item with { Captions = [item.Captions[drawn]], Scores = item.Scores is null ? null : [item.Scores[drawn]] };
    }
}
