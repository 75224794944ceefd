using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.Search.Sheets;

namespace VideoCaptionRetrieval;

/// <summary>A picture of what a search found: the query, and for each hit the best moment between the moments around it.</summary>
/// <remarks>Thread-safe. Text needs a font on the system (ffmpeg's Debian package brings one); without any, the picture has frames alone.</remarks>
public static class SearchSheet
{
    /// <summary>Moments before and after the best one.</summary>
    private const int Around = 2;

    private const double SecondsBetween = 0.8;

    /// <summary>Writes the picture as PNG; it is replaced when it is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="query">What was looked for.</param>
    /// <param name="hits">What was found, best first. A hit's VideoId has to be its video's path, or path#start-end for a part of it.</param>
    /// <param name="ffmpeg">Where ffmpeg is; null = on PATH.</param>
    /// <param name="cancellationToken">Ends the work; nothing is written then.</param>
    /// <returns>The videos whose frames could not be read, with reasons; the picture says so in their place.</returns>
    /// <exception cref="FileNotFoundException">ffmpeg is not installed.</exception>
    public static IReadOnlyList<SkippedVideo> Write(
        string path, string query, IReadOnlyList<VideoHit> hits, FfmpegOptions? ffmpeg = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(hits);
        var reader = new VideoFrameReader(ffmpeg ?? new());
        var rows = hits.Select(hit => Row(reader, hit, cancellationToken)).ToList();
        var png = new SheetDrawing(query, rows).ToPng();
        AtomicFile.Create(path, temporary => File.WriteAllBytes(temporary, png));
        return [.. rows.Where(row => row.Fault is not null).Select(row => new SkippedVideo(row.Hit.VideoId, row.Fault!))];
    }

    private static SheetRow Row(VideoFrameReader reader, VideoHit hit, CancellationToken cancellationToken)
    {
        var best = double.IsNaN(hit.Time) ? 0 : hit.Time;
        var times = Enumerable.Range(-Around, (2 * Around) + 1).Select(i => best + (i * SecondsBetween)).Where(time => time >= 0).ToList();
        try
        {
            var video = PathOf(hit.VideoId);
            if (!File.Exists(video)) return new(hit, [], $"'{video}' is not there any more");
            var sampled = reader.Read(new(hit.VideoId, video), [FrameRequest.At(times, SheetDrawing.TileFormat)], cancellationToken);
            var tiles = sampled.Times[0].Select((time, i) => new SheetTile(time, sampled.Frames[0].AsMemory(i * SheetDrawing.TileFormat.FrameBytes, SheetDrawing.TileFormat.FrameBytes)))
                .DistinctBy(tile => tile.Time).ToList();
            var nearest = tiles.MinBy(tile => Math.Abs(tile.Time - best));
            return new(hit, [.. tiles.Select(tile => tile with { IsBest = tile == nearest })], null);
        }
        catch (VideoReadException e)
        {
            return new(hit, [], e.Reason);
        }
    }

    /// <summary>The file of a video or of a part of one.</summary>
    private static string PathOf(string videoId)
    {
        var mark = videoId.LastIndexOf('#');
        return mark > 0 && !File.Exists(videoId) ? videoId[..mark] : videoId;
    }
}
