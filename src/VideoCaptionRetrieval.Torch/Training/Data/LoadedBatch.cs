using System.Buffers;

namespace VideoCaptionRetrieval.Torch.Training.Data;

/// <summary>A planned step with the frames of those of its videos that could be read. Dispose gives the memory back to its pool.</summary>
/// <param name="Plan">The step.</param>
/// <param name="Items">Indices of the videos that were read, in the plan's order.</param>
/// <param name="Frames">[Items, N, S, S, 3] bytes, RGB; the rented array is longer.</param>
/// <param name="Unreadable">The videos that turned out unreadable in this step, and why.</param>
internal sealed record LoadedBatch(PlannedBatch Plan, int[] Items, byte[] Frames, IReadOnlyList<UnreadableItem> Unreadable) : IDisposable
{
    public void Dispose() => ArrayPool<byte>.Shared.Return(Frames);
}

/// <summary>A video that cannot be read.</summary>
/// <param name="Item">Its index.</param>
/// <param name="Reason">Why, for people.</param>
internal readonly record struct UnreadableItem(int Item, string Reason);
