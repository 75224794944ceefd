namespace VideoCaptionRetrieval.Captioning;

/// <summary>A frame of a window.</summary>
/// <param name="Slot">The row's slot.</param>
/// <param name="Frame">The frame's index in the row.</param>
internal readonly record struct FramePlace(int Slot, int Frame);
