using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Objective;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>What is known of a model without opening its network.</summary>
/// <param name="CheckpointFolder">
/// A folder that holds its checkpoint: the one that was named, or a saved model's in the user's cache.
/// </param>
/// <param name="Format">What its frames must look like.</param>
/// <param name="FrameCount">Frames of a video that it was saved with; null for a checkpoint.</param>
/// <param name="Scoring">How it compares a video with a text.</param>
internal sealed record ModelDescription(string CheckpointFolder, FrameFormat Format, int? FrameCount, FrameScoring Scoring);
