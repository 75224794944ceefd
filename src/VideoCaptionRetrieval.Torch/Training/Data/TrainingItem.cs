namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>One video to train on.</summary>
/// <param name="Clip">Where its frames are.</param>
/// <param name="Captions">Its captions, at least one, none blank.</param>
/// <param name="Weight">How often it is drawn, beside the others; at least 0.</param>
/// <param name="Scores">Their CLIPScores, one for each caption, or null where captions are not weighted by them.</param>
internal sealed record TrainingItem(VideoClip Clip, IReadOnlyList<string> Captions, IReadOnlyList<float>? Scores = null, float Weight = 1);
