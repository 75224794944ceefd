namespace VideoCaptionRetrieval.Training;

/// <summary>How a video and a caption are compared.</summary>
/// <param name="Pooling">How frames are pooled.</param>
/// <param name="Temperature">τ, the temperature of the frame weights.</param>
/// <param name="NormaliseFrames">Whether frames are brought to unit length before they are pooled; the weights always come from unit vectors.</param>
internal sealed record SimilarityOptions(
    FramePooling Pooling = FramePooling.QueryScoring,
    double Temperature = MultiCaptionRetrievalOptions.DefaultTemperature,
    bool NormaliseFrames = false);
