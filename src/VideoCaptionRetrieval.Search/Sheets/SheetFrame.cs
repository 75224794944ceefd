using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Search.Sheets;

/// <summary>A picture of a sheet.</summary>
/// <param name="Size">Width and height in pixels.</param>
/// <param name="Rgb">[H, W, 3].</param>
/// <param name="Time">Seconds from the video's first frame.</param>
/// <param name="IsBest">Whether it is the moment that the search found.</param>
internal sealed record SheetFrame(FrameSize Size, ReadOnlyMemory<byte> Rgb, double Time, bool IsBest);
