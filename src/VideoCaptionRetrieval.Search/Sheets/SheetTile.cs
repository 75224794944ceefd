namespace VideoCaptionRetrieval.Search.Sheets;

/// <summary>A frame on a sheet.</summary>
/// <param name="Time">Seconds from the video's start.</param>
/// <param name="Pixels">[S, S, 3] bytes, RGB, in the form of <see cref="SheetDrawing.TileFormat"/>.</param>
/// <param name="IsBest">Whether it is the hit's best moment.</param>
internal sealed record SheetTile(double Time, ReadOnlyMemory<byte> Pixels, bool IsBest = false);
