using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Search.Sheets;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval;

/// <summary>
/// Pictures of what a search found: the query, and of each hit its rank, video, best moment and score, beside the frame of that moment
/// (outlined) and those that the index holds around it, decoded from the videos.
/// </summary>
/// <remarks>Thread-safe. Texts are drawn in a font of the system; where there is none, in plain letters of the library's own.</remarks>
public static class ContactSheet
{
    /// <summary>The largest number of hits on a sheet; further ones are left out.</summary>
    public const int MostHits = 100;

    /// <summary>Writes a sheet as PNG. The file appears complete or not at all.</summary>
    /// <param name="path">The file; one that is there already is replaced.</param>
    /// <param name="index">The index that was searched: it knows the moments around a hit.</param>
    /// <param name="query">What was looked for.</param>
    /// <param name="hits">
    /// What <see cref="VideoIndex.Search"/> gave. Names of videos are paths from the working directory, or path#start-end of a part.
    /// </param>
    /// <param name="options">How videos are decoded, progress, cancellation; null takes the defaults.</param>
    /// <returns>The videos that cannot be read; a grey tile says why in the place of their pictures.</returns>
    /// <exception cref="FileNotFoundException">ffmpeg is not installed; the message says how to install it.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static IReadOnlyList<SkippedVideo> Write(
        string path, VideoIndex index, string query, IReadOnlyList<VideoHit> hits, ContactSheetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(index);
        using ISheetText text = TypefaceText.Find() as ISheetText ?? new GlyphText();
        return Write(path, index, query, hits, options ?? new(), text);
    }

    /// <summary>The same with a given way to draw text.</summary>
    internal static IReadOnlyList<SkippedVideo> Write(
        string path, VideoIndex index, string query, IReadOnlyList<VideoHit> hits, ContactSheetOptions options, ISheetText text)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(hits);
        var reader = new VideoFrameReader(options.Ffmpeg);
        var shown = new List<HitFrames>();
        foreach (var hit in hits.Take(MostHits))
        {
            shown.Add(HitFrames.Read(hit, index.FrameTimes(hit.VideoId).Span, reader, options.CancellationToken));
            options.Progress?.Report(shown.Count);
        }
        using var png = SheetPainter.Paint(query, Summary(hits.Count, index.Count), shown, text);
        AtomicFile.Write(path, png.SaveTo);
        return [.. shown.Where(hit => hit.Fault is not null).Select(hit => new SkippedVideo(hit.Hit.VideoId, hit.Fault!))];
    }

    private static string Summary(int hits, int videos) => hits switch
    {
        0 => videos == 0 ? "No hits: the index holds no video" : "No hits",
        > MostHits => FormattableString.Invariant($"The best {MostHits} of {hits:#,0} hits in {videos:#,0} videos"),
        _ => FormattableString.Invariant($"The best {hits:#,0} of {videos:#,0} videos"),
    };
}
