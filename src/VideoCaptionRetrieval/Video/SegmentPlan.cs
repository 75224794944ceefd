namespace VideoCaptionRetrieval.Video;

/// <summary>
/// Divides a video into N equal segments: tests take the middle frame of each, training draws one from each. Frames are counted from 0,
/// ranges are half-open.
/// </summary>
public static class SegmentPlan
{
    /// <summary>Computes the segment bounds b_0 … b_N: floor(k · (F/N)) in double arithmetic, as numpy.linspace computes it; b_N = F.</summary>
    /// <param name="frames">The number of frames F, at least 1.</param>
    /// <param name="count">The number of segments N, at least 1.</param>
    internal static int[] Bounds(int frames, int count)
    {
        if (frames < 1) throw new ArgumentOutOfRangeException(nameof(frames), frames, "A plan needs at least 1 frame.");
        if (count < 1) throw new ArgumentOutOfRangeException(nameof(count), count, "A plan needs at least 1 segment.");
        var step = (double)frames / count;
        var bounds = new int[count + 1];
        for (var k = 0; k < count; k++) bounds[k] = (int)(k * step);
        bounds[count] = frames;
        return bounds;
    }

    /// <summary>Computes the middle frame of each segment, (a + b)/2 rounded down, of the part [start, end) of a video.</summary>
    internal static int[] Middles(int frames, int count, int start = 0, int end = int.MaxValue)
    {
        var bounds = Bounds(Length(frames, start, end), count);
        return [.. Enumerable.Range(0, count).Select(k => start + ((bounds[k] + bounds[k + 1]) / 2))];
    }

    /// <summary>Computes the frames of each segment, from which training draws, of the part [start, end) of a video; no range is empty.</summary>
    internal static FrameRange[] Ranges(int frames, int count, int start = 0, int end = int.MaxValue)
    {
        var bounds = Bounds(Length(frames, start, end), count);
        return [.. Enumerable.Range(0, count).Select(k =>
            new FrameRange(start + bounds[k], start + Math.Max(bounds[k + 1], bounds[k] + 1)))];
    }

    /// <summary>Computes the times of frames in seconds: start + (k + p_k)(end − start)/N.</summary>
    /// <param name="start">Seconds.</param>
    /// <param name="end">Seconds, not before <paramref name="start"/>.</param>
    /// <param name="count">The number of segments N, at least 1.</param>
    /// <param name="positions">p_k in [0, 1); null = ½, the middle of each segment.</param>
    internal static double[] Times(double start, double end, int count, IReadOnlyList<double>? positions = null)
    {
        if (count < 1) throw new ArgumentOutOfRangeException(nameof(count), count, "A plan needs at least 1 segment.");
        if (!(end >= start))
            throw new ArgumentException(
                Invariant($"The part from {start} s to {end} s has no frames; the end must not lie before the start."), nameof(end));
        if (positions is not null && positions.Count != count)
            throw new ArgumentException($"{count} segments need as many positions; got {positions.Count}.", nameof(positions));
        return [.. Enumerable.Range(0, count).Select(k => start + ((k + (positions?[k] ?? 0.5)) * (end - start) / count))];
    }

    /// <summary>Computes which entries of a pool of N·k frames belong to each of N segments.</summary>
    /// <param name="segments">The number of segments N.</param>
    /// <param name="perSegment">Frames of the pool for each segment, k.</param>
    public static FrameRange[] PoolEntries(int segments, int perSegment)
    {
        CheckPool(segments, perSegment);
        return [.. Enumerable.Range(0, segments).Select(n => new FrameRange(n * perSegment, (n + 1) * perSegment))];
    }

    /// <summary>Computes the entry of a pool that tests take for each segment: n·k + k/2 rounded down.</summary>
    internal static int[] PoolMiddles(int segments, int perSegment)
    {
        CheckPool(segments, perSegment);
        return [.. Enumerable.Range(0, segments).Select(n => (n * perSegment) + (perSegment / 2))];
    }

    private static int Length(int frames, int start, int end)
    {
        if (frames < 1) throw new ArgumentOutOfRangeException(nameof(frames), frames, "A plan needs at least 1 frame.");
        if (start < 0) throw new ArgumentOutOfRangeException(nameof(start), start, "A part cannot start before frame 0.");
        var cut = Math.Min(end, frames);
        return cut > start ? cut - start
            : throw new ArgumentException(
                $"The part [{start}, {end}) of {frames} frames is empty; the end must lie after the start.", nameof(end));
    }

    private static void CheckPool(int segments, int perSegment)
    {
        if (segments < 1) throw new ArgumentOutOfRangeException(nameof(segments), segments, "A pool needs at least 1 segment.");
        if (perSegment < 1)
            throw new ArgumentOutOfRangeException(nameof(perSegment), perSegment, "A pool needs at least 1 frame for each segment.");
    }
}

/// <summary>Frames <paramref name="Start"/> … <paramref name="End"/> − 1.</summary>
public readonly record struct FrameRange(int Start, int End);

/// <summary>The range of a video from which frames are selected.</summary>
/// <param name="Start">Seconds from the video's first frame.</param>
/// <param name="End">Seconds from the video's first frame, not before <paramref name="Start"/>.</param>
/// <param name="KeyFrameTimes">Returns the times of the video's key frames, ascending; called only where they are needed.</param>
internal sealed record SelectionRange(double Start, double End, Func<IReadOnlyList<double>> KeyFrameTimes)
{
    /// <summary>Where times count from that a caller names, in seconds from the video's first frame; before it where the picture begins late.</summary>
    internal double Origin { get; init; } = Start;

    /// <summary>The shortest interval of a regular selection, in seconds: no video has more frames.</summary>
    internal const double ShortestInterval = 0.001;

    internal IReadOnlyList<double> Every(double seconds)
    {
        // The end is excluded; rounding must not add a frame.
        var count = Math.Max((int)Math.Ceiling(((End - Start) / seconds) - 1e-9), 1);
        return [.. Enumerable.Range(0, count).Select(k => Start + (k * seconds))];
    }

    internal IReadOnlyList<double> KeyFrames()
    {
        var inside = KeyFrameTimes().Where(time => time >= Start && time < End).ToArray();
        return inside.Length > 0 ? inside : [Start];
    }
}
