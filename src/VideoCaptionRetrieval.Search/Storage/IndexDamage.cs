using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>The error for an index that is not as it was written.</summary>
internal static class IndexDamage
{
    internal static ModelFileException At(string path, string problem, Exception? cause = null) =>
        new(path, $"{problem} The index is damaged: restore it from a copy, or build it again.", cause);
}
