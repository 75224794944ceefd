namespace VideoCaptionRetrieval.Sampling;

/// <summary>How videos are decoded: by the system's ffmpeg and ffprobe.</summary>
public sealed class FfmpegOptions
{
    /// <summary>The ffmpeg program.</summary>
    /// <value>The default is null: the first one on PATH.</value>
    public string? FfmpegPath { get; set; }

    /// <summary>The ffprobe program.</summary>
    /// <value>The default is null: the first one on PATH.</value>
    public string? FfprobePath { get; set; }

    /// <summary>How long a program may run without any output before it is ended and the video counts as unreadable.</summary>
    /// <value>The default is 20 seconds.</value>
    public TimeSpan StallTimeout { get; set; } = DefaultStallTimeout;

    /// <summary>The largest picture that is decoded, in pixels; a larger one makes the video unreadable.</summary>
    /// <value>The default is 64 million pixels.</value>
    public long MaximumPixels { get; set; } = DefaultMaximumPixels;

    /// <summary>Decoder threads for each video; 0 lets ffmpeg choose. Several videos are read at once, each with its own threads.</summary>
    /// <value>The default is 1, which also makes the frames of damaged videos reproducible.</value>
    public int DecoderThreads { get; set; } = DefaultDecoderThreads;

    internal static readonly TimeSpan DefaultStallTimeout = TimeSpan.FromSeconds(20);
    internal const long DefaultMaximumPixels = 64_000_000;
    internal const int DefaultDecoderThreads = 1;
}
