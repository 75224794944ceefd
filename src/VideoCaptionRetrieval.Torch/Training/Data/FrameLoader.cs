using System.Buffers;
using System.Runtime.ExceptionServices;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>
/// Reads the frames of one step after the other, the videos of a step side by side. A video that turned out unreadable is not tried
/// again. Used by one thread at a time; holds no tensors.
/// </summary>
/// <param name="items">The videos.</param>
/// <param name="source">Where frames come from.</param>
/// <param name="frameCount">N, frames of a video.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="leaveOutUnreadable">Whether an unreadable video is left out instead of ending the run.</param>
/// <param name="unreadable">Videos that are known to be unreadable.</param>
internal sealed class FrameLoader(
    IReadOnlyList<TrainingItem> items, IFrameSource source, int frameCount, int seed, bool leaveOutUnreadable, IEnumerable<int>? unreadable = null)
{
    private readonly HashSet<int> _unreadable = [.. unreadable ?? []];
    private readonly int _bytesPerVideo = checked(frameCount * source.Format.FrameBytes);

    /// <summary>Reads a step's frames.</summary>
    /// <exception cref="VideoReadException">A video cannot be read, and is not to be left out.</exception>
    internal LoadedBatch Load(PlannedBatch plan, CancellationToken cancellationToken)
    {
        var wanted = plan.Items.Where(item => !_unreadable.Contains(item)).ToArray();
        var frames = ArrayPool<byte>.Shared.Rent(checked(wanted.Length * _bytesPerVideo));
        try
        {
            var failures = ReadAll(wanted, plan.Round, frames, cancellationToken);
            if (failures.Find(failure => !CanLeaveOut(failure)) is { } fatal) ExceptionDispatchInfo.Throw(fatal);
            var unreadable = new List<UnreadableItem>();
            for (var i = 0; i < wanted.Length; i++)
                if (failures[i] is VideoReadException e) unreadable.Add(new(wanted[i], e.Reason));
            _unreadable.UnionWith(unreadable.Select(one => one.Item));
            return new(plan, CloseGaps(wanted, failures, frames), frames, unreadable);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(frames);
            throw;
        }
    }

    private List<Exception?> ReadAll(int[] wanted, int round, byte[] frames, CancellationToken cancellationToken)
    {
        var failures = new Exception?[wanted.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, wanted.Length, parallel, (i, loop) =>
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                source.ReadTrainingFrames(items[wanted[i]].Clip, frameCount, seed, round,
                    frames.AsMemory(i * _bytesPerVideo, _bytesPerVideo), cancellationToken);
            }
            catch (Exception e)
            {
                failures[i] = e;
                if (!CanLeaveOut(e)) loop.Stop();
            }
        });
        return [.. failures];
    }

    private bool CanLeaveOut(Exception? failure) => failure is null || (leaveOutUnreadable && failure is VideoReadException);

    /// <summary>Moves the frames that were read together.</summary>
    private int[] CloseGaps(int[] wanted, List<Exception?> failures, byte[] frames)
    {
        var kept = new List<int>();
        for (var i = 0; i < wanted.Length; i++)
        {
            if (failures[i] is not null) continue;
            if (kept.Count < i) frames.AsSpan(i * _bytesPerVideo, _bytesPerVideo).CopyTo(frames.AsSpan(kept.Count * _bytesPerVideo));
            kept.Add(wanted[i]);
        }
        return [.. kept];
    }
}
