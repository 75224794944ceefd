namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>What a run needs beyond the user's options, settled by the data.</summary>
/// <param name="FrameCount">N, frames of a video in a step.</param>
/// <param name="Seed">The seed.</param>
/// <param name="LeaveOutUnreadable">Whether a video that cannot be read is left out and listed, instead of ending the run.</param>
/// <param name="Checkpoint">The checkpoint that the training began with, for messages and to tell trainings apart.</param>
internal sealed record TrainingRunSettings(int FrameCount, int Seed, bool LeaveOutUnreadable = false, string Checkpoint = "");
