namespace VideoCaptionRetrieval;

/// <summary>Options of decoding by the system's ffmpeg and ffprobe.</summary>
public sealed class FfmpegOptions
{
    /// <summary>Path of the ffmpeg program.</summary>
    /// <value>The default is null: the first one on PATH.</value>
    public string? FfmpegPath { get; set; }

    /// <summary>Path of the ffprobe program.</summary>
    /// <value>The default is null: the first one on PATH.</value>
    public string? FfprobePath { get; set; }

    /// <summary>Maximum time that a program may run without output before it is killed and the video counts as unreadable.</summary>
    /// <value>The default is 20 seconds.</value>
    public TimeSpan StallTimeout { get; set; } = DefaultStallTimeout;

    /// <summary>Maximum size of a picture in pixels; a larger one makes the video unreadable.</summary>
    /// <value>The default is 64 million pixels.</value>
    public long MaximumPixels { get; set; } = DefaultMaximumPixels;

    /// <summary>
    /// Maximum memory of one program in bytes; one that needs more fails, and the video counts as unreadable. Takes effect on Linux where
    /// util-linux's prlimit is installed. 0 = no limit.
    /// </summary>
    /// <value>The default is 2 GiB.</value>
    public long MaximumMemory { get; set; } = DefaultMaximumMemory;

    /// <summary>Decoder threads for each video; 0 lets ffmpeg choose. Several videos are read at once, each with its own threads.</summary>
    /// <value>The default is 1, which also makes the frames of damaged videos reproducible.</value>
    public int DecoderThreads { get; set; } = DefaultDecoderThreads;

    /// <summary>Maximum time for reading a clip before it is cancelled and the video counts as unreadable.</summary>
    /// <value>The default is null: 30 seconds, and 4 seconds for each whole MiB of the file.</value>
    public TimeSpan? TimeLimit { get; set; }

    /// <summary>
    /// ffmpeg's method of decoding on a graphics card, such as "cuda", "vaapi" or "auto"; ffmpeg -hwaccels lists those of a machine. Where it
    /// does not work, videos are decoded on the processor.
    /// </summary>
    /// <value>The default is null: on the processor.</value>
    public string? HardwareDecoding { get; set; }

    /// <summary>How videos are taken whose pixels are not square. Unlike the other options, it is saved with a model.</summary>
    /// <value>The default is <see cref="PixelAspect.Square"/>: as a player shows them.</value>
    public PixelAspect PixelAspect { get; set; } = PixelAspect.Square;

    /// <summary>Computes the time limit for a file.</summary>
    /// <param name="length">Bytes of the file.</param>
    internal TimeSpan LimitFor(long length) =>
        TimeLimit ?? DefaultTimeLimit + (Math.Min(length >> 20, MaxMebibytes) * TimeLimitPerMebibyte);

    internal static readonly TimeSpan DefaultTimeLimit = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan TimeLimitPerMebibyte = TimeSpan.FromSeconds(4);

    /// <summary>A timer takes at most 49 days.</summary>
    private const long MaxMebibytes = 1_000_000;

    internal static readonly TimeSpan DefaultStallTimeout = TimeSpan.FromSeconds(20);
    internal const long DefaultMaximumMemory = 2L << 30;
    internal const long DefaultMaximumPixels = 64_000_000;
    internal const int DefaultDecoderThreads = 1;
}
