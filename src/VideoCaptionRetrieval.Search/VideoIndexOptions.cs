using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval;

/// <summary>Options of making and changing a <see cref="VideoIndex"/>.</summary>
public sealed class VideoIndexOptions
{
    /// <summary>Name of the Text column that names a video.</summary>
    /// <value>The default value is VideoId.</value>
    public string VideoIdColumnName { get; set; } = Retrieval.EmbeddedVideoReader.DefaultVideoIdColumn;

    /// <summary>How the texts of searches are embedded; frames are embedded as the model does it.</summary>
    /// <value>The default value computes in float32 with all cores.</value>
    public InferenceOptions Inference { get; set; } = new();

    /// <summary>Takes the number of videos embedded so far.</summary>
    /// <value>The default value is null.</value>
    public IProgress<int>? Progress { get; set; }

    /// <summary>
    /// Ends the work with an <see cref="OperationCanceledException"/>; videos that were stored by then stay in the index.
    /// </summary>
    /// <value>The default value never does.</value>
    public CancellationToken CancellationToken { get; set; }
}
