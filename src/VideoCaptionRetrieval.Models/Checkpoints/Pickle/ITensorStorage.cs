namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>Where the storages of a file lie.</summary>
internal interface ITensorStorage
{
    /// <summary>Finds a storage.</summary>
    /// <param name="key">Its name in the file.</param>
    /// <param name="tensor">Who asks, for messages.</param>
    /// <returns>Offset of its first byte in the file, and its length in bytes; both within the file.</returns>
    /// <exception cref="ModelFileException">The file does not hold it, or not as it lies in memory.</exception>
    (long Offset, long Length) Find(string key, string tensor);
}
