
namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>The losses of one step, before its update.</summary>
/// <param name="VideoToCaption">Over the videos' captions.</param>
/// <param name="CaptionToVideo">Over the captions' videos.</param>
/// <param name="Total">Their sum or mean, as the options say, and with it <paramref name="Matching"/>.</param>
/// <param name="Matching">Of image-text matching; 0 where it is not trained.</param>
internal readonly record struct ContrastiveLosses(double VideoToCaption, double CaptionToVideo, double Total, double Matching = 0);
