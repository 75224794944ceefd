using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval;

/// <summary>Which frames of a clip make a column. Immutable.</summary>
/// <remarks>
/// A column has N frames. Where a selection names others than N, the rule of the segment middles is applied to its list: of each of N
/// equal parts of the list the middle one is taken, so that long lists are thinned and short ones repeat. Training draws one of each part.
/// </remarks>
public sealed class FrameSelection
{
    private readonly Func<SelectionRange, IReadOnlyList<double>>? _list;
    private readonly double _interval;
    private readonly IReadOnlyList<double> _times = [];

    private FrameSelection(
        FrameSelectionKind kind, Func<SelectionRange, IReadOnlyList<double>>? list, double interval = 0,
        IReadOnlyList<double>? times = null) =>
        (Kind, _list, _interval, _times) = (kind, list, interval, times ?? []);

    /// <summary>
    /// The frame in the middle of each of N equal segments of the clip, as in the paper; training draws from all of each segment.
    /// </summary>
    public static FrameSelection SegmentMiddles { get; } = new(FrameSelectionKind.SegmentMiddles, null);

    /// <summary>
    /// The frames that are stored whole, by which a video can be entered; mostly the first of each scene, or one every few seconds. Where
    /// none lies in the clip, the one on screen at its beginning.
    /// </summary>
    public static FrameSelection KeyFrames { get; } = new(FrameSelectionKind.KeyFrames, range => range.KeyFrames());

    /// <summary>A frame every so many seconds, from the beginning of the clip on.</summary>
    /// <param name="seconds">At least a millisecond.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less, or no number.</exception>
    public static FrameSelection Every(double seconds)
    {
        if (!(seconds >= SelectionRange.ShortestInterval) || !double.IsFinite(seconds))
        {
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds,
                $"The interval must be a number of seconds, at least {SelectionRange.ShortestInterval}.");
        }
        return new(FrameSelectionKind.Every, range => range.Every(seconds), interval: seconds);
    }

    /// <summary>The frames on screen at given times; behind the end of a video, its last frame.</summary>
    /// <param name="seconds">From the beginning of the clip, at least 0; in any order, the frames come ascending.</param>
    /// <exception cref="ArgumentException">There is none, or one is negative or no number.</exception>
    public static FrameSelection At(params IReadOnlyList<double> seconds)
    {
        ArgumentNullException.ThrowIfNull(seconds);
        if (seconds.Count == 0) throw new ArgumentException("There must be at least one time.", nameof(seconds));
        if (seconds.FirstOrDefault(time => !(time >= 0) || !double.IsFinite(time)) is var wrong and not 0)
        {
            throw new ArgumentException(
                $"'{wrong}' is no time; expected seconds from the beginning of the clip, at least 0.", nameof(seconds));
        }
        double[] times = [.. seconds.Order()];
        return new(FrameSelectionKind.At, range => [.. times.Select(time => range.Start + time)], times: times);
    }

    /// <summary>The kind, for a saved model.</summary>
    internal FrameSelectionKind Kind { get; }

    /// <summary>The numbers that belong to the kind, for a saved model.</summary>
    internal IReadOnlyList<double> Numbers => Kind == FrameSelectionKind.Every ? [_interval] : _times;

    /// <summary>The selection that has a kind and numbers.</summary>
    internal static FrameSelection Of(FrameSelectionKind kind, IReadOnlyList<double> numbers) => kind switch
    {
        FrameSelectionKind.SegmentMiddles => SegmentMiddles,
        FrameSelectionKind.KeyFrames => KeyFrames,
        FrameSelectionKind.Every when numbers is [var seconds] => Every(seconds),
        FrameSelectionKind.Every => throw new ArgumentException($"'{kind}' takes one number of seconds; got {numbers.Count}.", nameof(numbers)),
        FrameSelectionKind.At => At(numbers),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, $"The selection '{kind}' is not known."),
    };

    /// <summary>Seconds at which frames are taken, ascending.</summary>
    /// <param name="range">The clip.</param>
    /// <param name="count">The number of frames N; null = as many as the selection names.</param>
    /// <param name="positions">Where in each of N parts a frame is taken, N values in [0, 1); null = in the middle.</param>
    internal IReadOnlyList<double> Times(SelectionRange range, int? count, IReadOnlyList<double>? positions)
    {
        if (_list is null) return SegmentPlan.Times(range.Start, range.End, count ?? 1, positions);
        var list = _list(range);
        if (count is not { } n || (n == list.Count && positions is null)) return list;
        if (positions is null) return [.. SegmentPlan.Middles(list.Count, n).Select(i => list[i])];
        return [.. SegmentPlan.Ranges(list.Count, n).Select((part, k) => list[part.Start + (int)(positions[k] * (part.End - part.Start))])];
    }

    /// <inheritdoc />
    public override string ToString() => Kind switch
    {
        FrameSelectionKind.Every => FormattableString.Invariant($"Every {_interval} s"),
        FrameSelectionKind.At => FormattableString.Invariant($"At {string.Join(", ", _times)} s"),
        _ => $"{Kind}",
    };
}

/// <summary>The kinds of <see cref="FrameSelection"/>; the numbers are those of saved models of version 1, newer ones hold the names.</summary>
internal enum FrameSelectionKind
{
    SegmentMiddles,
    Every,
    At,
    KeyFrames,
}
