namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>A video file, and how ffmpeg and ffprobe may open it.</summary>
/// <param name="Path">The path as the caller gave it, for errors.</param>
/// <param name="FullPath">The absolute path.</param>
/// <param name="Tools">The programs.</param>
/// <param name="Options">Limits.</param>
/// <param name="Hardware">A graphics card to decode on.</param>
internal sealed record FfmpegInput(string Path, string FullPath, FfmpegTools Tools, FfmpegOptions Options, HardwareDecoder Hardware)
{
    /// <summary>
    /// Containers that hold their own frames. Play lists and concatenations (hls, concat, sdp) are left out, since they make ffmpeg open
    /// other files; so is image2, which takes "%03d" in a file's name for a pattern.
    /// </summary>
    private const string Containers =
        "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,asf,mpeg,mpegts,mpegvideo,ogg,gif,apng,h264,hevc,m4v,obu,ivf,"
        + "png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe";

    /// <summary>
    /// The input options and the input. "file:" and an absolute path: no name is taken for an option or another protocol.
    /// </summary>
    internal IEnumerable<string> Arguments =>
    [
        "-max_pixels", $"{Options.MaximumPixels}", "-protocol_whitelist", "file", "-format_whitelist", Containers, "-i", "file:" + FullPath,
    ];

    /// <summary>Called with the arguments of each start of ffmpeg.</summary>
    internal Action<IReadOnlyList<string>>? Starting { get; init; }

    internal ToolProcess Start(string program, IEnumerable<string> arguments, DecodeLog? log, CancellationToken cancellationToken) =>
        new(program, arguments, Path, Options.StallTimeout, log, cancellationToken, Options.MaximumMemory);
}

/// <summary>A method of decoding on a graphics card, until it turns out not to work. Thread-safe.</summary>
/// <param name="name">What ffmpeg's -hwaccel takes; null = none.</param>
/// <param name="warn">Receives a warning when it does not work.</param>
internal sealed class HardwareDecoder(string? name, Action<string>? warn)
{
    private int _failed;

    /// <summary>What -hwaccel takes; null = decode on the processor.</summary>
    internal string? Name => Volatile.Read(ref _failed) == 0 ? name : null;

    /// <summary>Turns hardware decoding off: a video that failed with it was decoded without.</summary>
    internal void Fail(string reason)
    {
        if (Interlocked.Exchange(ref _failed, 1) == 0)
            warn?.Invoke($"Decoding by '{name}' does not work here; videos are decoded on the processor. {reason}");
    }
}
