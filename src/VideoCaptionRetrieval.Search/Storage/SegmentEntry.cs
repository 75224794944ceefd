namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>A data file as index.json lists it.</summary>
/// <param name="File">The file's name in the index folder.</param>
/// <param name="Videos">Videos in the file.</param>
/// <param name="Frames">Frames in the file.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Sha256">The file's SHA-256, lower-case hexadecimal.</param>
/// <param name="Removed">Rows of videos that were removed or replaced, ascending.</param>
internal sealed record SegmentEntry(string File, int Videos, long Frames, long Bytes, string Sha256, int[] Removed);
