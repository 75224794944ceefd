#pragma warning disable CA1822, CS9113
namespace VideoCaptionRetrieval.Sampling;
internal sealed class VideoFrameReader(FfmpegOptions options) { public FfmpegOptions O => options; internal SampledFrames Read(VideoClip clip, IReadOnlyList<FrameRequest> requests, CancellationToken cancellationToken) => throw new VideoReadException(clip.Path, "stub"); }
internal sealed class VideoFrameSource(VideoFrameReader reader, Models.Imaging.FrameFormat format) : IFrameSource { public VideoFrameReader R => reader; public Models.Imaging.FrameFormat Format => format; public void ReadTrainingFrames(VideoClip clip, int count, int seed, int epoch, Memory<byte> frames, CancellationToken cancellationToken) => throw new VideoReadException(clip.Path, "stub"); }
