namespace VideoCaptionRetrieval.Video.Timeline;

/// <summary>What a container says of its video as a whole.</summary>
internal interface IVideoFacts
{
    /// <summary>The video's length in seconds, as the container states it; null where it states none.</summary>
    double? StatedDuration { get; }

    /// <summary>
    /// Timestamps of the frames that can be decoded without others, ascending; null where they are not known before a decode.
    /// </summary>
    IReadOnlyList<long>? KeyFrames { get; }
}
