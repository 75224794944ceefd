using VideoCaptionRetrieval.Captioning;

namespace VideoCaptionRetrieval;

/// <summary>A finished caption of a <see cref="CaptionStore"/>. Immutable.</summary>
public sealed record CaptionRecord
{
    /// <summary>The name of the video, or of a part of one, under which it was captioned.</summary>
    public required string VideoId { get; init; }

    /// <summary>Where that part starts, in seconds from the video's first frame; NaN = with the first frame.</summary>
    public double Start { get; init; } = double.NaN;

    /// <summary>Where that part ends, in seconds; NaN = with the video.</summary>
    public double End { get; init; } = double.NaN;

    /// <summary>What the video holds, however it is named: a hash.</summary>
    public required string Content { get; init; }

    /// <summary>The frame's number among those that were captioned with it, from 0 on.</summary>
    public int Frame { get; init; }

    /// <summary>The frame's presentation time in seconds from the video's first frame; NaN = unknown.</summary>
    public double Time { get; init; } = double.NaN;

    /// <summary>The captioner's label.</summary>
    public required string Captioner { get; init; }

    /// <summary>Everything that the captioner's texts depend on: a hash of its weights, and its decoding settings.</summary>
    public required string Identity { get; init; }

    /// <summary>The caption; may be empty.</summary>
    public required string Caption { get; init; }

    internal Captioning.CaptionKey Key => new(Content, Time, Identity);
}

/// <summary>What a stored caption belongs to: parts of a video share the captions of their frames.</summary>
/// <param name="Content">The video file (<see cref="VideoContent"/>), or the frame itself.</param>
/// <param name="Time">The frame's presentation time in seconds.</param>
/// <param name="Identity">The captioner's identity.</param>
internal readonly record struct CaptionKey(string Content, double Time, string Identity);
