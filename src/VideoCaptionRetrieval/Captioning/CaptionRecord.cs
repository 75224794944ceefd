namespace VideoCaptionRetrieval;

/// <summary>A finished caption of a <see cref="CaptionStore"/>. Immutable.</summary>
public sealed record CaptionRecord
{
    /// <summary>The name of the video or clip under which it was captioned.</summary>
    public required string VideoId { get; init; }

    /// <summary>The clip's start in seconds from the video's first frame; NaN = the first frame.</summary>
    public double Start { get; init; } = double.NaN;

    /// <summary>The clip's end in seconds from the video's first frame; NaN = the end of the video.</summary>
    public double End { get; init; } = double.NaN;

    /// <summary>A hash of the video's content, independent of its name.</summary>
    public required string Content { get; init; }

    /// <summary>The frame's index among those that were captioned with it, from 0.</summary>
    public int Frame { get; init; }

    /// <summary>The frame's presentation time in seconds from the video's first frame; NaN = unknown.</summary>
    public double Time { get; init; } = double.NaN;

    /// <summary>The captioner's label.</summary>
    public required string Captioner { get; init; }

    /// <summary>Identifies everything the captioner's texts depend on: a hash of its weights, and its decoding settings.</summary>
    public required string Identity { get; init; }

    /// <summary>The caption; may be empty.</summary>
    public required string Caption { get; init; }

    internal CaptionKey Key => new(Content, Time, Identity);
}

/// <summary>Identifies a caption in a store: clips of one video share the captions of their frames.</summary>
/// <param name="Content">Hash of the video file (<see cref="Video.ContentHash.OfBothEnds"/>), or of the frame itself.</param>
/// <param name="Time">The frame's presentation time in seconds.</param>
/// <param name="Identity">The captioner's identity.</param>
internal readonly record struct CaptionKey(string Content, double Time, string Identity);

/// <summary>Compares caption texts.</summary>
internal static class CaptionText
{
    /// <summary>Trims a text, collapses white space and lowers case: duplicates give the same result.</summary>
    internal static string Normalise(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
}
