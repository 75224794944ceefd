namespace VideoCaptionRetrieval.Video;

/// <summary>A frame as a network takes it.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Pixels">[Height, Width, 3], RGB, row-major.</param>
internal sealed record PreparedFrame(int Width, int Height, byte[] Pixels);
