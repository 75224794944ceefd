namespace VideoCaptionRetrieval.Search.Sheets;

/// <summary>A hit on a sheet.</summary>
/// <param name="Hit">What was found.</param>
/// <param name="Tiles">Its frames in time order.</param>
/// <param name="Fault">Why there are none; null where there are.</param>
internal sealed record SheetRow(VideoHit Hit, IReadOnlyList<SheetTile> Tiles, string? Fault);
