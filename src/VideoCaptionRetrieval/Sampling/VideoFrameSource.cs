using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Sampling;

/// <summary>
/// Draws training frames from video files: in each segment a moment, all equally likely, and the frame on screen at it.
/// Thread-safe.
/// </summary>
/// <param name="reader">Reads the frames.</param>
/// <param name="format">What they look like.</param>
internal sealed class VideoFrameSource(VideoFrameReader reader, FrameFormat format) : IFrameSource
{
    /// <inheritdoc/>
    public FrameFormat Format => format;

    /// <inheritdoc/>
    public void ReadTrainingFrames(VideoClip clip, int count, int seed, int epoch, Memory<byte> frames, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var bytes = (long)count * format.FrameBytes;
        if (frames.Length != bytes)
        {
            throw new ArgumentException(
                $"{count} frames of {format.Size}x{format.Size} have {bytes} bytes; got room for {frames.Length}.", nameof(frames));
        }
        var draws = new DrawSequence(seed, epoch, clip.VideoId);
        var positions = new double[count];
        for (var k = 0; k < count; k++) positions[k] = draws.NextDouble();
        reader.Read(clip, [new(count, format, positions)], cancellationToken).Frames[0].CopyTo(frames);
    }
}
