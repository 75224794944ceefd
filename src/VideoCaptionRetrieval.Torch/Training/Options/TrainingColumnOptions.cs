namespace VideoCaptionRetrieval;

/// <summary>The names of the columns that <see cref="MultiCaptionRetrievalTrainer"/> reads.</summary>
public sealed class TrainingColumnOptions
{
    internal TrainingColumnOptions()
    {
    }

    /// <summary>
    /// The Text column that names a video. Only for a frame column without a source (see <see cref="Frames"/>):
    /// FrameSampler knows its own columns of names, paths and clip bounds.
    /// </summary>
    /// <value>The default value is VideoId.</value>
    public string VideoId { get; set; } = "VideoId";

    /// <summary>The Text or vector of Text column with a video's captions; their CLIPScores are in the column "NAME.Scores".</summary>
    /// <value>The default value is Captions.</value>
    public string Captions { get; set; } = "Captions";

    /// <summary>
    /// The frame column, a vector of Byte [N, S, S, 3], where S is the size that the checkpoint takes, in pixels. FrameSampler's columns carry a
    /// source, from which other frames are drawn in each epoch. A column without one is a pool of
    /// k·<see cref="MultiCaptionRetrievalOptions.FrameCount"/> frames, of which one of each k is drawn.
    /// </summary>
    /// <value>The default value is Frames.</value>
    public string Frames { get; set; } = FrameColumn.DefaultName;

    /// <summary>
    /// A Single column that says how often a video is drawn, relative to the others: with a weight of 2 twice as often, with 0 never; at least 0.
    /// It does not weigh the loss. An epoch still has as many steps, and no step holds a video twice. So data sets are mixed in other shares
    /// than they have videos.
    /// </summary>
    /// <value>The default value is null: every video is drawn once in an epoch.</value>
    public string? SamplingWeight { get; set; }

    internal string Scores => Captions + ".Scores";

    internal TrainingColumnOptions Copy() => (TrainingColumnOptions)MemberwiseClone();
}
