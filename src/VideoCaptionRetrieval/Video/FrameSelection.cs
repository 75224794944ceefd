using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval;

/// <summary>Selects the frames of a clip that a column holds. Immutable.</summary>
/// <remarks>
/// A column has N frames. Where a selection lists another number, the rule of segment middles applies to the list: the middle entry of each of
/// N equal parts is taken, so that long lists are thinned and short ones repeat. Training draws one entry of each part.
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
    /// Takes the frame in the middle of each of N equal segments of the clip, as in the paper; training draws from each whole segment.
    /// </summary>
    public static FrameSelection SegmentMiddles { get; } = new(FrameSelectionKind.SegmentMiddles, null);

    /// <summary>
    /// Takes the key frames, which are stored whole: mostly the first of each scene, or one every few seconds. A clip without a key frame gives
    /// the frame on screen at its start.
    /// </summary>
    public static FrameSelection KeyFrames { get; } = new(FrameSelectionKind.KeyFrames, range => range.KeyFrames());

    /// <summary>Takes a frame at a regular interval, from the start of the clip.</summary>
    /// <param name="seconds">The interval in seconds, at least 0.001.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is shorter, or no finite number.</exception>
    public static FrameSelection Every(double seconds)
    {
        if (!(seconds >= SelectionRange.ShortestInterval) || !double.IsFinite(seconds))
        {
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds,
                Invariant($"The interval must be a number of seconds, at least {SelectionRange.ShortestInterval}."));
        }
        return new(FrameSelectionKind.Every, range => range.Every(seconds), interval: seconds);
    }

    /// <summary>Takes the frames on screen at given times; after the end of the video, its last frame.</summary>
    /// <param name="seconds">Seconds from the start of the clip, at least 0, in any order; frames come in ascending order.</param>
    /// <exception cref="ArgumentException">There is no time, or one is negative or no finite number.</exception>
    public static FrameSelection At(params IReadOnlyList<double> seconds)
    {
        ArgumentNullException.ThrowIfNull(seconds);
        if (seconds.Count == 0) throw new ArgumentException("There must be at least one time.", nameof(seconds));
        if (seconds.FirstOrDefault(time => !(time >= 0) || !double.IsFinite(time)) is var wrong and not 0)
        {
            throw new ArgumentException(
                Invariant($"'{wrong}' is no time; expected seconds from the beginning of the clip, at least 0."), nameof(seconds));
        }
        double[] times = [.. seconds.Order()];
        return new(FrameSelectionKind.At, range => [.. times.Select(time => range.Origin + time)], times: times);
    }

    /// <summary>The kind that a saved model holds.</summary>
    internal FrameSelectionKind Kind { get; }

    /// <summary>The numbers of seconds that a saved model holds beside the kind.</summary>
    internal IReadOnlyList<double> Numbers => Kind == FrameSelectionKind.Every ? [_interval] : _times;

    /// <summary>Creates a selection from its kind and numbers.</summary>
    internal static FrameSelection Create(FrameSelectionKind kind, IReadOnlyList<double> numbers) => kind switch
    {
        FrameSelectionKind.SegmentMiddles => SegmentMiddles,
        FrameSelectionKind.KeyFrames => KeyFrames,
        FrameSelectionKind.Every when numbers is [var seconds] => Every(seconds),
        FrameSelectionKind.Every => throw new ArgumentException($"'{kind}' takes one number of seconds; got {numbers.Count}.", nameof(numbers)),
        FrameSelectionKind.At => At(numbers),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, $"The selection '{kind}' is not known."),
    };

    /// <summary>Computes the times of the frames in seconds from the video's first frame, ascending.</summary>
    /// <param name="range">The clip.</param>
    /// <param name="count">The number of frames N; null = as many as the selection lists.</param>
    /// <param name="positions">The position of the frame in each of N parts, N values in [0, 1); null = the middle.</param>
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
        FrameSelectionKind.Every => Invariant($"Every {_interval} s"),
        FrameSelectionKind.At => $"At {string.Join(", ", _times.Select(time => Invariant($"{time}")))} s",
        _ => $"{Kind}",
    };
}

/// <summary>The kinds of <see cref="FrameSelection"/>. Saved models of version 1 hold the numbers, newer ones the names.</summary>
internal enum FrameSelectionKind
{
    SegmentMiddles,
    Every,
    At,
    KeyFrames,
}
