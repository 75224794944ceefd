using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>B videos of N frames, and their captions, of which a video may have fewer than the batch's largest number L.</summary>
/// <param name="Videos">B.</param>
/// <param name="FramesPerVideo">N.</param>
/// <param name="Pixels">(start, count) → [count, 3, S, S]: normalised frames, counted through all videos.</param>
/// <param name="Ids">[K, T]: the token ids of the captions that exist, video by video; K is the number of true entries of the mask.</param>
/// <param name="CaptionMask">[B, L], true where a video has that caption.</param>
/// <param name="Scores">[B, L], the captions' CLIPScores, where they are weighted by them; what masked entries hold never matters.</param>
/// <param name="Step">The step in the whole run, from 0: with the run's seed it settles what is drawn.</param>
internal sealed record ContrastiveBatch(
    int Videos, int FramesPerVideo, Func<int, int, Tensor> Pixels, Tensor Ids, Tensor CaptionMask, Tensor? Scores = null, int Step = 0);
