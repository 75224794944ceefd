namespace VideoCaptionRetrieval;

/// <summary>Options of an evaluation.</summary>
public sealed class RetrievalEvaluationOptions
{
    /// <summary>The pooling of frames.</summary>
    /// <value>The default value is null: the model's own.</value>
    public FramePooling? Pooling { get; set; }

    /// <summary>How candidates with equal scores count in a rank.</summary>
    /// <value>The default value is <see cref="TieRule.Mid"/>.</value>
    public TieRule TieRule { get; set; } = TieRule.Mid;

    /// <summary>What counts as a candidate in video to text.</summary>
    /// <value>The default value is <see cref="VideoToTextProtocol.Sets"/>.</value>
    public VideoToTextProtocol VideoToText { get; set; } = VideoToTextProtocol.Sets;

    /// <summary>Name of the Text column that names a video, in the videos and in the queries.</summary>
    /// <value>The default value is VideoId.</value>
    public string VideoIdColumnName { get; set; } = FrameSamplerOptions.DefaultVideoIdColumnName;

    /// <summary>Name of the Text column of the queries; a vector of Text is one query of several sentences.</summary>
    /// <value>The default value is Text.</value>
    public string TextColumnName { get; set; } = DefaultTextColumnName;

    /// <summary>
    /// Re-ranks this many of a query's best videos, and of a video's best queries, by the matching head of a BLIP: their score becomes the
    /// similarity plus the logit of 'they match', and all others follow in their order. Videos are then read and encoded twice, and the text
    /// encoder runs on each candidate with all frames of its video. BLIP's own evaluation re-ranks 128.
    /// </summary>
    /// <value>The default value is null: no re-ranking. A CLIP has no matching head.</value>
    public int? Rerank { get; set; }

    /// <summary>Receives the number of videos read so far; with <see cref="Rerank"/> each is read twice.</summary>
    /// <value>The default value is null.</value>
    public IProgress<int>? Progress { get; set; }

    /// <summary>Cancels the evaluation with an <see cref="OperationCanceledException"/>.</summary>
    /// <value>The default value never cancels.</value>
    public CancellationToken CancellationToken { get; set; }

    internal const string DefaultTextColumnName = "Text";
}
