using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Search.Sheets;

/// <summary>A hit and the pictures that a sheet shows of it.</summary>
/// <param name="Hit">The hit.</param>
/// <param name="Frames">The best moment and its neighbours, in time order; empty where there is a fault.</param>
/// <param name="Fault">The reason why there are no pictures; null where there are some.</param>
internal sealed record HitFrames(VideoHit Hit, IReadOnlyList<SheetFrame> Frames, string? Fault)
{
    /// <summary>Maximum number of pictures of a hit.</summary>
    internal const int MaxFrames = 5;

    /// <summary>The shorter side of a picture; nothing is cut.</summary>
    private static readonly FrameFormat Format = new(SheetStyle.FrameHeight, FrameFit.ShortestEdge);

    /// <summary>Reads the pictures; a video that cannot be read gives a fault.</summary>
    /// <param name="hit">The hit.</param>
    /// <param name="times">The times of all frames that the index holds of the video.</param>
    /// <param name="reader">Decodes.</param>
    /// <param name="cancellationToken">Cancels the decoding.</param>
    internal static HitFrames Read(VideoHit hit, ReadOnlySpan<double> times, VideoFrameReader reader, CancellationToken cancellationToken)
    {
        if (!double.IsFinite(hit.Time)) return Without(hit, "the index was made from frames without times");
        var first = Math.Clamp(hit.Frame - (MaxFrames / 2), 0, Math.Max(times.Length - MaxFrames, 0));
        // An index that was changed since the search may hold other frames: the hit's own moment is shown then.
        // Of a short video the same picture may stand for several moments; it is shown once.
        double[] shown = hit.Frame < times.Length && times[hit.Frame] == hit.Time
            ? [.. times[first..Math.Min(first + MaxFrames, times.Length)].ToArray().Distinct()]
            : [hit.Time];
        try
        {
            var path = PathOf(hit.VideoId);
            return new(hit, Pictures(reader.Read(new(hit.VideoId, path), [FrameRequest.At(shown, Format)], cancellationToken), hit.Time), null);
        }
        catch (VideoReadException e)
        {
            return Without(hit, e.Reason);
        }
        catch (ArgumentException e)
        {
            return Without(hit, e.Message);
        }
    }

    private static HitFrames Without(VideoHit hit, string fault) => new(hit, [], fault);

    private static List<SheetFrame> Pictures(SampledFrames sampled, double best)
    {
        var (frames, pictures, at) = (sampled.Frames[0], new List<SheetFrame>(), 0);
        foreach (var (size, time) in sampled.Sizes[0].Zip(sampled.Times[0]))
        {
            var length = 3 * size.Width * size.Height;
            pictures.Add(new(size, frames.AsMemory(at, length), time, time == best));
            at += length;
        }
        return pictures;
    }

    /// <summary>The file behind a name: parts of videos are named path#start-end, and their times count from the start of the file.</summary>
    private static string PathOf(string videoId) =>
        !File.Exists(videoId) && videoId.LastIndexOf('#') is > 0 and var end ? videoId[..end] : videoId;
}

/// <summary>A picture of a sheet.</summary>
/// <param name="Size">Width and height in pixels.</param>
/// <param name="Rgb">[H, W, 3].</param>
/// <param name="Time">Seconds from the video's first frame.</param>
/// <param name="IsBest">Whether it is the moment that the search found.</param>
internal sealed record SheetFrame(FrameSize Size, ReadOnlyMemory<byte> Rgb, double Time, bool IsBest);
