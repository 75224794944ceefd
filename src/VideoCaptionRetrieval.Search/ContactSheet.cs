using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Search.Sheets;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval;

/// <summary>
/// Writes a picture of a search: the query, and for each hit its rank, video, best moment and score, beside the frame of that moment
/// (outlined) and the neighbouring frames of the index, decoded from the videos.
/// </summary>
/// <remarks>Thread-safe. Texts are drawn in a font of the system, or in the library's own plain letters where there is none.</remarks>
public static class ContactSheet
{
    /// <summary>Maximum number of hits on a sheet; further ones are left out.</summary>
    public const int MaxHits = 100;

    /// <summary>Writes a sheet as PNG, whole or not at all.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="index">The index that was searched, which holds the moments around a hit.</param>
    /// <param name="query">The query, as shown.</param>
    /// <param name="hits">
    /// The result of <see cref="VideoIndex.Search(string, int, CancellationToken)"/>. Names of videos are paths from the working directory, or path#start-end of a part.
    /// </param>
    /// <param name="options">Decoding, progress, cancellation; null = the defaults.</param>
    /// <returns>The videos that cannot be read; a grey tile with the reason stands for their pictures.</returns>
    /// <exception cref="FileNotFoundException">ffmpeg is not installed; the message says how to install it.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static IReadOnlyList<SkippedVideo> Write(
        string path, VideoIndex index, string query, IReadOnlyList<VideoHit> hits, ContactSheetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(index);
        using ISheetText text = TypefaceText.Find() as ISheetText ?? new GlyphText();
        return Write(path, index, query, hits, options ?? new(), text);
    }

    /// <summary>Writes a sheet with a given font.</summary>
    internal static IReadOnlyList<SkippedVideo> Write(
        string path, VideoIndex index, string query, IReadOnlyList<VideoHit> hits, ContactSheetOptions options, ISheetText text)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(hits);
        var reader = new VideoFrameReader(options.Ffmpeg);
        var shown = new List<HitFrames>();
        foreach (var hit in hits.Take(MaxHits))
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
        > MaxHits => Invariant($"The best {MaxHits} of {hits:#,0} hits in {videos:#,0} videos"),
        _ => Invariant($"The best {hits:#,0} of {videos:#,0} videos"),
    };
}
