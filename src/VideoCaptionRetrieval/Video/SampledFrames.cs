namespace VideoCaptionRetrieval.Video;

/// <summary>The frames of a clip, for each request in order.</summary>
/// <param name="Frames">For each request [N, H, W, 3] bytes, RGB, row-major, in time order; H and W may differ from frame to frame.</param>
/// <param name="Times">For each request the presentation time of each frame, in seconds counted from the file's start, as a player shows it.</param>
/// <param name="Duration">The length of the whole video, in seconds.</param>
public sealed record SampledFrames(IReadOnlyList<byte[]> Frames, IReadOnlyList<double[]> Times, double Duration)
{
    /// <summary>For each request the size of each frame.</summary>
    public IReadOnlyList<FrameSize[]> Sizes { get; init; } = [];
}

/// <summary>A frame in the format that a network takes.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Pixels">[Height, Width, 3], RGB, row-major.</param>
internal sealed record PreparedFrame(int Width, int Height, byte[] Pixels);

/// <summary>The size of a frame in pixels.</summary>
public readonly record struct FrameSize(int Width, int Height);
