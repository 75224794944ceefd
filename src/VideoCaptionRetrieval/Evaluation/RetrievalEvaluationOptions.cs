namespace VideoCaptionRetrieval;

/// <summary>Options of an evaluation.</summary>
public sealed class RetrievalEvaluationOptions
{
    /// <summary>How frames are pooled for a query.</summary>
    /// <value>The default value is null: as the model does it.</value>
    public FramePooling? Pooling { get; set; }

    /// <summary>What equal scores add to a rank.</summary>
    /// <value>The default value is <see cref="TieRule.Mid"/>.</value>
    public TieRule TieRule { get; set; } = TieRule.Mid;

    /// <summary>What competes in video to text.</summary>
    /// <value>The default value is <see cref="VideoToTextProtocol.Sets"/>.</value>
    public VideoToTextProtocol VideoToText { get; set; } = VideoToTextProtocol.Sets;

    /// <summary>Name of the Text column that names a video, in the videos and in the queries.</summary>
    /// <value>The default value is VideoId.</value>
    public string VideoIdColumnName { get; set; } = Retrieval.EmbeddedVideoReader.DefaultVideoIdColumn;

    /// <summary>Name of the Text column of the queries; a vector of Text is one query of several sentences.</summary>
    /// <value>The default value is Text.</value>
    public string TextColumnName { get; set; } = DefaultTextColumnName;

    /// <summary>
    /// Re-ranks so many of a query's best videos, and of a video's best queries, by the matching head of a BLIP: their score is then the
    /// similarity plus the logit of 'they match'; all others follow behind them in their order. Videos are read and encoded twice, and the text
    /// encoder reads each candidate with all frames of its video. BLIP's own evaluation takes 128.
    /// </summary>
    /// <value>The default value is null: nothing is re-ranked. A CLIP has no such head.</value>
    public int? Rerank { get; set; }

    /// <summary>Takes the number of videos read so far; with <see cref="Rerank"/> each is read twice.</summary>
    /// <value>The default value is null.</value>
    public IProgress<int>? Progress { get; set; }

    /// <summary>Ends the evaluation with an <see cref="OperationCanceledException"/>.</summary>
    /// <value>The default value never does.</value>
    public CancellationToken CancellationToken { get; set; }

    internal const string DefaultTextColumnName = "Text";
}
