namespace VideoCaptionRetrieval;

/// <summary>How far a <see cref="ClipScoreFilter"/> is.</summary>
/// <param name="Videos">Videos done by all cursors of the transformer.</param>
/// <param name="Captions">Captions scored.</param>
public sealed record ClipScoreProgress(long Videos, long Captions);
