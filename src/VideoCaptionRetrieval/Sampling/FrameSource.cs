using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval;

/// <summary>Reads frames of videos: for training other ones in each epoch, for measuring those that a test takes.</summary>
/// <remarks>
/// Implementations are thread-safe. Equal arguments give equal frames, in every process and on every machine.
/// </remarks>
public interface IFrameSource
{
    /// <summary>Size, fit and crop rule of the frames.</summary>
    FrameFormat Format { get; }

    /// <summary>Reads one random frame from each of <paramref name="count"/> equal segments of the clip, in time order.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="count">The number of segments N, at least 1.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="epoch">The epoch, from 0; another epoch draws other frames.</param>
    /// <param name="frames">Receives [N, S, S, 3] bytes, RGB, row-major.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="VideoReadException">The video cannot be read.</exception>
    void ReadTrainingFrames(VideoClip clip, int count, int seed, int epoch, Memory<byte> frames, CancellationToken cancellationToken);

    /// <summary>Reads the frames that a test takes: those of the column's selection, by default the middle of each of N equal segments.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="count">The number of frames N, at least 1.</param>
    /// <param name="frames">Receives [N, S, S, 3] bytes, RGB, row-major.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="VideoReadException">The video cannot be read.</exception>
    void ReadTestFrames(VideoClip clip, int count, Memory<byte> frames, CancellationToken cancellationToken);
}

/// <summary>
/// Draws training frames from video files: the frame on screen at a uniformly drawn time of each segment or, of a selection that is a list,
/// one frame of each of N parts of the list. For a test it takes the middle of the segment, or of the part. Thread-safe.
/// </summary>
/// <param name="read">Reads the frames.</param>
/// <param name="column">Format and selection of the frames.</param>
internal sealed class VideoFrameSource(FrameSamplerTransformer.ReadFrames read, FrameColumn column) : IFrameSource
{
    /// <inheritdoc/>
    public FrameFormat Format => column.Format;

    /// <summary>How pixels are taken that are not square.</summary>
    internal PixelAspect Pixels { get; init; }

    /// <inheritdoc/>
    public void ReadTrainingFrames(VideoClip clip, int count, int seed, int epoch, Memory<byte> frames, CancellationToken cancellationToken)
    {
        RequireRoom(count, frames.Length);
        var draws = new DrawSequence(seed, epoch, clip.VideoId);
        var positions = new double[count];
        for (var k = 0; k < count; k++) positions[k] = draws.NextDouble();
        Read(clip, count, positions, frames, cancellationToken);
    }

    /// <inheritdoc/>
    public void ReadTestFrames(VideoClip clip, int count, Memory<byte> frames, CancellationToken cancellationToken)
    {
        RequireRoom(count, frames.Length);
        Read(clip, count, positions: null, frames, cancellationToken);
    }

    private void Read(VideoClip clip, int count, double[]? positions, Memory<byte> frames, CancellationToken cancellationToken)
    {
        var request = new FrameRequest(count, Format, positions) { Selection = column.Selection };
        read(clip, [request], cancellationToken).Frames[0].CopyTo(frames);
    }

    private void RequireRoom(int count, int room)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var bytes = (long)count * Format.FrameBytes;
        if (room != bytes)
        {
            throw new ArgumentException(
                $"{count} frames of {Format.Size}x{Format.Size} have {bytes} bytes; got room for {room}.", nameof(room));
        }
    }
}
