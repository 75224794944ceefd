using System.Buffers;
using System.Runtime.ExceptionServices;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>
/// Reads the frames of one step after the other, the videos of a step side by side. A video that turned out unreadable is not tried
/// again. Used by one thread at a time; holds no tensors.
/// </summary>
/// <param name="videos">The videos.</param>
/// <param name="unreadable">Indices of those that are known to be unreadable.</param>
/// <param name="forTest">Whether the frames are those that a test takes, instead of those that a step draws.</param>
internal sealed class FrameLoader(VideoSet videos, IEnumerable<int>? unreadable = null, bool forTest = false)
{
    private readonly HashSet<int> _unreadable = [.. unreadable ?? []];
    private readonly int _bytesPerVideo = videos.BytesPerVideo;

    /// <summary>Reads a step's frames.</summary>
    /// <exception cref="VideoReadException">A video cannot be read, and is not to be left out.</exception>
    internal LoadedBatch Load(BatchIndices plan, CancellationToken cancellationToken)
    {
        var wanted = plan.Items.Where(item => !_unreadable.Contains(item)).ToArray();
        var frames = ArrayPool<byte>.Shared.Rent(checked(wanted.Length * _bytesPerVideo));
        try
        {
            var failures = ReadAll(wanted, plan.Draw, frames, cancellationToken);
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

    private List<Exception?> ReadAll(int[] wanted, int draw, byte[] frames, CancellationToken cancellationToken)
    {
        var failures = new Exception?[wanted.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, wanted.Length, parallel, (i, loop) =>
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (item, target) = (videos.Items[wanted[i]], frames.AsMemory(i * _bytesPerVideo, _bytesPerVideo));
                if (forTest) videos.ReadTestFrames(item, target, cancellationToken);
                else videos.ReadFrames(item, draw, target, cancellationToken);
            }
            catch (Exception e)
            {
                failures[i] = e;
                if (!CanLeaveOut(e)) loop.Stop();
            }
        });
        return [.. failures];
    }

    private bool CanLeaveOut(Exception? failure) => failure is null || (videos.LeaveOutUnreadable && failure is VideoReadException);

    /// <summary>Moves the frames that were read next to each other.</summary>
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

/// <summary>A planned step with the frames of those of its videos that could be read. Dispose returns the memory to its pool.</summary>
/// <param name="Plan">The step.</param>
/// <param name="Items">Indices of the videos that were read, in the plan's order.</param>
/// <param name="Frames">[Items, N, S, S, 3] bytes, RGB; the rented array is longer.</param>
/// <param name="Unreadable">The videos that turned out unreadable in this step, and why.</param>
internal sealed record LoadedBatch(BatchIndices Plan, int[] Items, byte[] Frames, IReadOnlyList<UnreadableItem> Unreadable) : IDisposable
{
    public void Dispose() => ArrayPool<byte>.Shared.Return(Frames);
}

/// <summary>A video that cannot be read.</summary>
/// <param name="Item">Its index.</param>
/// <param name="Reason">Why, human-readable.</param>
internal readonly record struct UnreadableItem(int Item, string Reason);
