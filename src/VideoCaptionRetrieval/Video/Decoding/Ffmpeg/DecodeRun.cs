
namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>What a run of ffmpeg said of the segments that it decoded.</summary>
/// <param name="Log">The frames.</param>
/// <param name="Errors">The last errors; empty where there were none.</param>
internal sealed record DecodeRun(DecodeLog Log, string Errors);
