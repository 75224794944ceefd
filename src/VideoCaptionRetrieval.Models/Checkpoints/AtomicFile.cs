namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Writes files so that a reader, or a crash, sees the old file or the new one, never half of one.</summary>
public static class AtomicFile
{
    /// <summary>Lets the caller write a temporary file beside <paramref name="path"/>, then renames it.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="write">Writes the temporary file whose path it receives: <paramref name="path"/>, 32 hexadecimal digits and '.tmp'.</param>
    public static void Create(string path, Action<string> write)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>
    /// As <see cref="Create"/>, with a stream that is flushed to the disk before the rename, which must not overtake the data.
    /// </summary>
    public static void Write(string path, Action<FileStream> write) => Create(path, temporary =>
    {
        using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        write(stream);
        stream.Flush(flushToDisk: true);
    });
}
