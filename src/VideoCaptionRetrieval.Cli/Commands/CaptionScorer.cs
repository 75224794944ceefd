using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>Scores captions of a video by CLIPScore, each against the frame at its time.</summary>
/// <param name="encoder">The CLIP; it belongs to the caller.</param>
/// <param name="reader">Reads the frames.</param>
/// <param name="prefix">Text before every caption.</param>
internal sealed class CaptionScorer(IDualEncoder encoder, VideoFrameReader reader, string prefix)
{
    /// <param name="lines">Captions of one video, with times.</param>
    /// <param name="cancellation">Ends the decoding.</param>
    /// <returns>A score for each line.</returns>
    /// <exception cref="VideoReadException">The video cannot be read.</exception>
    internal double[] Score(IReadOnlyList<CaptionLine> lines, CancellationToken cancellation)
    {
        var (times, dimension) = (lines.Select(line => line.Time!.Value).Distinct().Order().ToList(), encoder.Dimension);
        // Times count from the beginning of the video, also where the captions are about a part of it.
        var video = new VideoClip(lines[0].Clip.VideoId, lines[0].Clip.Path);
        var sampled = reader.Read(video, [FrameRequest.At(times, encoder.FrameFormat)], cancellation);
        var (frames, texts) = (new float[times.Count * dimension], new float[lines.Count * dimension]);
        encoder.EmbedFrames(sampled.Frames[0], times.Count, frames);
        encoder.EmbedTexts([.. lines.Select(line => prefix + line.Caption)], texts);
        return [.. lines.Select((line, index) => QueryScoring.ClipScore(
            frames.AsSpan(times.IndexOf(line.Time!.Value) * dimension, dimension), texts.AsSpan(index * dimension, dimension)))];
    }
}
