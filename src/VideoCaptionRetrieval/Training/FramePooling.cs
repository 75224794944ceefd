namespace VideoCaptionRetrieval.Training;

/// <summary>How the frames of a video become the one vector that is compared with a text.</summary>
public enum FramePooling
{
    /// <summary>Frames weighted by softmax(cos(frame, text) / τ): the paper's query scoring.</summary>
    QueryScoring,

    /// <summary>The plain mean of the frames, whatever the text.</summary>
    Mean,
}
