namespace VideoCaptionRetrieval.Training;

/// <summary>The losses of one step, before its update.</summary>
/// <param name="VideoToCaption">Over the videos' captions.</param>
/// <param name="CaptionToVideo">Over the captions' videos.</param>
/// <param name="Total">Their sum or mean, as the options say.</param>
internal readonly record struct ContrastiveLosses(double VideoToCaption, double CaptionToVideo, double Total);
