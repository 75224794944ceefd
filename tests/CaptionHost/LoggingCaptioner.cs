using System.Security.Cryptography;
using VideoCaptionRetrieval.Models;

/// <summary>Takes its time, and writes down the hash of each frame that it is asked about before it answers.</summary>
/// <param name="log">The file.</param>
/// <param name="milliseconds">For each image.</param>
internal sealed class LoggingCaptioner(string log, int milliseconds) : IImageCaptioner
{
    internal const int FramesPerVideo = 4, Size = 2;

    public FrameFormat FrameFormat => new(Size);

    public string Identity => "logging captioner 1";

    /// <summary>[FramesPerVideo, Size, Size, 3], unlike those of every other video.</summary>
    internal static byte[] Frames(int video)
    {
        var frames = new byte[FramesPerVideo * 3 * Size * Size];
        new Random(video).NextBytes(frames);
        return frames;
    }

    public IReadOnlyList<string> Caption(ReadOnlyMemory<byte> frames, int count, CancellationToken cancellationToken = default)
    {
        var captions = new string[count];
        for (var image = 0; image < count; image++)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(frames.Span.Slice(image * FrameFormat.FrameBytes, FrameFormat.FrameBytes)));
            File.AppendAllText(log, hash + "\n");
            Thread.Sleep(milliseconds);
            captions[image] = "a caption of " + hash[..8];
        }
        return captions;
    }

    public void Dispose()
    {
    }
}
