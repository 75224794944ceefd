using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>
/// Frames of a column that has no source: each video's k·N frames are written once to a temporary file; a step then draws one of the k
/// frames of each of N segments. Dispose deletes the file. Add from one thread; reading is thread-safe.
/// </summary>
internal sealed class FramePool : IFrameSource, IDisposable
{
    private const int BufferBytes = 1 << 20;
    private readonly FileStream _file;
    private readonly Dictionary<VideoClip, long> _offsets = new(ReferenceEqualityComparer.Instance);
    private readonly int _framesPerVideo;

    internal FramePool(FrameFormat format, int framesPerVideo)
    {
        (Format, _framesPerVideo) = (format, framesPerVideo);
        var path = Path.Combine(Path.GetTempPath(), $"vcr-frames-{Guid.NewGuid():N}.tmp");
        _file = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.DeleteOnClose);
    }

    /// <inheritdoc/>
    public FrameFormat Format { get; }

    /// <summary>Appends a video's frames.</summary>
    /// <param name="clip">The same instance that <see cref="ReadTrainingFrames"/> gets later.</param>
    /// <param name="frames">[k·N, S, S, 3].</param>
    internal void Add(VideoClip clip, ReadOnlySpan<byte> frames)
    {
        _offsets.Add(clip, _file.Position);
        _file.Write(frames);
    }

    /// <summary>Makes the frames readable once all are added.</summary>
    internal void Flush() => _file.Flush();

    /// <inheritdoc/>
    public void ReadTrainingFrames(VideoClip clip, int count, int seed, int epoch, Memory<byte> frames, CancellationToken cancellationToken)
    {
        var draw = new DrawSequence(seed, epoch, clip.VideoId);
        Read(clip, draw.Next(SegmentPlan.PoolEntries(count, _framesPerVideo / count)), frames, cancellationToken);
    }

    /// <inheritdoc/>
    public void ReadTestFrames(VideoClip clip, int count, Memory<byte> frames, CancellationToken cancellationToken) => Read(clip,
        [.. SegmentPlan.PoolEntries(count, _framesPerVideo / count).Select(range => (range.Start + range.End) / 2)], frames, cancellationToken);

    private void Read(VideoClip clip, int[] entries, Memory<byte> frames, CancellationToken cancellationToken)
    {
        for (var n = 0; n < entries.Length; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var offset = _offsets[clip] + ((long)entries[n] * Format.FrameBytes);
            var target = frames.Span.Slice(n * Format.FrameBytes, Format.FrameBytes);
            while (target.Length > 0)
            {
                var read = RandomAccess.Read(_file.SafeFileHandle, target, offset);
                if (read == 0) throw new EndOfStreamException($"The temporary file of frames, '{_file.Name}', was cut off.");
                target = target[read..];
                offset += read;
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
