namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>How a command reads videos.</summary>
/// <param name="Ffmpeg">ffmpeg's part.</param>
/// <param name="Cache">Where frames are kept; null = nowhere.</param>
/// <param name="ParallelVideos">Videos that are decoded at once; null = as many as the machine has processors.</param>
internal sealed record VideoReading(FfmpegOptions Ffmpeg, FrameCacheOptions? Cache, int? ParallelVideos);
