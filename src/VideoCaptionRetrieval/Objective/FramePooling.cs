namespace VideoCaptionRetrieval;

/// <summary>How a video's frame embeddings become one embedding that is compared with a text.</summary>
public enum FramePooling
{
    /// <summary>A mean weighted by each frame's similarity to the text: w_n = softmax_n(cos(v_n, c) / τ). The default.</summary>
    QueryScoring,

    /// <summary>The plain mean: w_n = 1/N, whatever the text.</summary>
    Mean,
}
