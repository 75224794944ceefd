using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval;

/// <summary>Options of creating and changing a <see cref="VideoIndex"/>.</summary>
public sealed class VideoIndexOptions
{
    /// <summary>Name of the column of video names (Text).</summary>
    /// <value>The default value is VideoId.</value>
    public string VideoIdColumnName { get; set; } = Retrieval.EmbeddedVideoReader.DefaultVideoIdColumn;

    /// <summary>How the texts of searches are embedded; the model's own options hold for frames.</summary>
    /// <value>The default value computes in float32 with all cores.</value>
    public InferenceOptions Inference { get; set; } = new();

    /// <summary>Receives the number of videos embedded so far.</summary>
    /// <value>The default value is null.</value>
    public IProgress<int>? Progress { get; set; }

    /// <summary>
    /// Cancels the work with an <see cref="OperationCanceledException"/>; videos that are stored by then stay in the index.
    /// </summary>
    /// <value>The default value never cancels.</value>
    public CancellationToken CancellationToken { get; set; }
}
