namespace VideoCaptionRetrieval.Video.Decoding;

/// <summary>How the wanted frames of a video are reached. All give the same frames.</summary>
internal enum DecodeStrategy
{
    /// <summary>The whole video is decoded once.</summary>
    OnePass,

    /// <summary>From the key frame before each frame, or group of frames, on.</summary>
    Seek,

    /// <summary>Only key frames are decoded: where no other is wanted.</summary>
    KeyFrames,
}
