using System.Text;

namespace VideoCaptionRetrieval.Video.Timeline;

/// <summary>What is known of a video from earlier decodes. Immutable.</summary>
/// <param name="StatedDuration">Seconds, as the container states them; null where it states none.</param>
/// <param name="KeyFrames">Timestamps of the key frames; null where they were not needed.</param>
/// <param name="Timeline">The times of the known frames.</param>
internal sealed record VideoMetadata(double? StatedDuration, IReadOnlyList<long>? KeyFrames, FrameTimeline Timeline) : IVideoMetadata
{
    /// <summary>
    /// Begins what this version writes. Version 0.1 began with a duration, which is never negative; its notes do not know when the file begins,
    /// and take several recordings in one file for one.
    /// </summary>
    private const double Mark = -2;

    /// <inheritdoc />
    public double? FileStart { get; init; }

    // *** Binary format, little-endian; "differences" are a count and 7-bit encoded differences to the number before ***
    // double mark -2; double start of the file in seconds (NaN = none); double stated duration (NaN = none); long, long numerator and denominator of the time base; double end of the last frame;
    // bool key frames known, then differences; int number of intervals, for each: differences, long until

    internal byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Mark);
        writer.Write(FileStart ?? double.NaN);
        writer.Write(StatedDuration ?? double.NaN);
        writer.Write(Timeline.TimeBase.Numerator);
        writer.Write(Timeline.TimeBase.Denominator);
        writer.Write(Timeline.DecodedEnd);
        writer.Write(KeyFrames is not null);
        if (KeyFrames is not null) Write(writer, KeyFrames);
        writer.Write(Timeline.Intervals.Count);
        foreach (var interval in Timeline.Intervals)
        {
            Write(writer, interval.Timestamps);
            writer.Write(interval.Until);
        }
        return bytes.ToArray();
    }

    /// <summary>Reads a note; null where it is empty or of version 0.1.</summary>
    internal static VideoMetadata? TryParse(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (bytes.Length == 0 || reader.ReadDouble() != Mark) return null;
        var fileStart = reader.ReadDouble();
        var stated = reader.ReadDouble();
        var timeBase = new TimeBase(reader.ReadInt64(), reader.ReadInt64());
        var end = reader.ReadDouble();
        var keys = reader.ReadBoolean() ? Read(reader) : null;
        var intervals = new KnownInterval[reader.ReadInt32()];
        for (var i = 0; i < intervals.Length; i++) intervals[i] = new(Read(reader), reader.ReadInt64());
        return new(double.IsNaN(stated) ? null : stated, keys, new(intervals, timeBase, end)) { FileStart = double.IsNaN(fileStart) ? null : fileStart };
    }

    /// <summary>Merges two notes of one video.</summary>
    internal VideoMetadata With(VideoMetadata other) =>
        this with { KeyFrames = KeyFrames ?? other.KeyFrames, Timeline = Timeline.With(other.Timeline) };

    private static void Write(BinaryWriter writer, IReadOnlyList<long> numbers)
    {
        writer.Write7BitEncodedInt(numbers.Count);
        long before = 0;
        foreach (var number in numbers)
        {
            writer.Write7BitEncodedInt64(number - before);
            before = number;
        }
    }

    private static long[] Read(BinaryReader reader)
    {
        var numbers = new long[reader.Read7BitEncodedInt()];
        long before = 0;
        for (var i = 0; i < numbers.Length; i++) numbers[i] = before += reader.Read7BitEncodedInt64();
        return numbers;
    }
}

/// <summary>What a container states of its video.</summary>
internal interface IVideoMetadata
{
    /// <summary>The video's length in seconds, as the container states it; null where it states none.</summary>
    double? StatedDuration { get; }

    /// <summary>
    /// When the file begins, sound included, in seconds of the frames' timestamps; null where that is not stated. A player's clock counts from it.
    /// </summary>
    double? FileStart { get; }

    /// <summary>
    /// Timestamps of the frames that can be decoded without others, ascending; null where they are not known before a decode.
    /// </summary>
    IReadOnlyList<long>? KeyFrames { get; }
}
