using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Training.Data;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>B videos of N frames, and their captions, of which a video may have fewer than the batch's largest number L.</summary>
/// <param name="Videos">B.</param>
/// <param name="FramesPerVideo">N.</param>
/// <param name="Pixels">(start, count) → [count, 3, S, S]: normalised frames, counted through all videos.</param>
/// <param name="Ids">[K, T]: token ids of the captions that exist, video by video; K is the number of true entries of the mask.</param>
/// <param name="CaptionMask">[B, L], true where a video has that caption.</param>
/// <param name="Scores">[B, L], the captions' CLIPScores; null where captions are not weighted by them. Masked entries are ignored.</param>
/// <param name="Step">The step in the whole run, from 0; with the run's seed it determines what is drawn.</param>
/// <param name="Masked">[B, B], true where two videos are no negatives of each other; null = nowhere.</param>
internal sealed record TrainingBatch(
    int Videos, int FramesPerVideo, Func<int, int, Tensor> Pixels, Tensor Ids, Tensor CaptionMask, Tensor? Scores = null, int Step = 0,
    bool[,]? Masked = null)
{
    /// <summary>Makes tensors of what was loaded, on the encoder's device; they belong to the caller's dispose scope.</summary>
    /// <param name="loaded">Frames of the videos that could be read.</param>
    /// <param name="items">Those videos, each with the captions of this step.</param>
    /// <param name="framesPerVideo">N.</param>
    /// <param name="encoder">Its tokenizer and preprocessing.</param>
    /// <param name="falseNegatives">Which pairs are masked.</param>
    internal static TrainingBatch Create(
        LoadedBatch loaded, IReadOnlyList<TrainingItem> items, int framesPerVideo, TorchDualEncoder encoder, FalseNegatives falseNegatives)
    {
        var captions = items.Max(item => item.Captions.Count);                          // L
        var (mask, scores) = (new bool[items.Count, captions], new float[items.Count, captions]);
        for (var i = 0; i < items.Count; i++)
            for (var l = 0; l < items[i].Captions.Count; l++) (mask[i, l], scores[i, l]) = (true, items[i].Scores?[l] ?? 0);
        var ids = encoder.Tokenize([.. items.SelectMany(item => item.Captions)]);
        var frameBytes = encoder.FrameFormat.FrameBytes;
        return new(items.Count, framesPerVideo, (start, count) =>
            encoder.PixelValues(loaded.Frames.AsSpan(start * frameBytes, count * frameBytes), count),
            tensor(ids, device: encoder.Device), tensor(mask, device: encoder.Device), tensor(scores, device: encoder.Device), loaded.Plan.Step,
            FalseNegativeMask.Compute(items, ids, falseNegatives));
    }
}
