namespace VideoCaptionRetrieval;

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

    /// <summary>
    /// Memory that one program may have of its own, in bytes; one that needs more ends, and the video counts as unreadable. Takes
    /// effect on Linux, where util-linux's prlimit is installed. 0 sets no bound.
    /// </summary>
    /// <value>The default is 2 GiB.</value>
    public long MaximumMemory { get; set; } = DefaultMaximumMemory;

    /// <summary>Decoder threads for each video; 0 lets ffmpeg choose. Several videos are read at once, each with its own threads.</summary>
    /// <value>The default is 1, which also makes the frames of damaged videos reproducible.</value>
    public int DecoderThreads { get; set; } = DefaultDecoderThreads;

    /// <summary>How long reading a clip may take in all before it is ended and the video counts as unreadable.</summary>
    /// <value>The default is null: 30 seconds, and 4 seconds for each whole MiB of the file.</value>
    public TimeSpan? TimeLimit { get; set; }

    /// <summary>
    /// The way of ffmpeg's to decode on a graphics card, such as "cuda", "vaapi" or "auto"; ffmpeg -hwaccels lists those of a machine.
    /// Where it does not work, videos are decoded on the processor.
    /// </summary>
    /// <value>The default is null: on the processor.</value>
    public string? HardwareDecoding { get; set; }

    /// <summary>How long reading from a file may take.</summary>
    /// <param name="length">Bytes of the file.</param>
    internal TimeSpan LimitFor(long length) =>
        TimeLimit ?? DefaultTimeLimit + (Math.Min(length >> 20, MostMebibytes) * TimeLimitPerMebibyte);

    internal static readonly TimeSpan DefaultTimeLimit = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan TimeLimitPerMebibyte = TimeSpan.FromSeconds(4);

    /// <summary>A timer counts 49 days at most.</summary>
    private const long MostMebibytes = 1_000_000;

    internal static readonly TimeSpan DefaultStallTimeout = TimeSpan.FromSeconds(20);
    internal const long DefaultMaximumMemory = 2L << 30;
    internal const long DefaultMaximumPixels = 64_000_000;
    internal const int DefaultDecoderThreads = 1;
}
