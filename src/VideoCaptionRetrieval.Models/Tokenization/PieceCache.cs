using System.Collections.Concurrent;

namespace VideoCaptionRetrieval.Models.Tokenization;

/// <summary>
/// Remembers the ids of pieces: texts repeat their words, and merging takes longer than looking up. Keeps the first pieces up to a bound
/// and never forgets, so that reading takes no lock. Thread-safe.
/// </summary>
/// <param name="merge">Computes the ids of a piece.</param>
/// <param name="capacity">The most pieces that are kept.</param>
internal sealed class PieceCache(Func<string, IReadOnlyList<int>> merge, int capacity = PieceCache.DefaultCapacity)
{
    /// <summary>More words than most collections of captions have; some megabytes when full.</summary>
    internal const int DefaultCapacity = 1 << 16;

    /// <summary>Longer pieces are no words, and do not come again.</summary>
    internal const int MaxPieceLength = 32;

    private readonly ConcurrentDictionary<string, int[]> _ids = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>How many pieces are kept.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>The ids of a piece; the array is shared, do not write to it.</summary>
    internal int[] IdsOf(string piece)
    {
        if (_ids.TryGetValue(piece, out var known)) return known;
        int[] ids = [.. merge(piece)];
        if (piece.Length > MaxPieceLength) return ids;
        if (Interlocked.Increment(ref _count) > capacity || !_ids.TryAdd(piece, ids)) Interlocked.Decrement(ref _count);
        return ids;
    }
}
