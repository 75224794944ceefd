namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Writes files so that a reader sees the old file or the new one, never half of one.</summary>
internal static class AtomicFile
{
    internal static void WriteText(string path, string content) => Write(path, temporary => File.WriteAllText(temporary, content));

    /// <param name="path">The file.</param>
    /// <param name="write">Writes the file of the temporary name that it is given.</param>
    internal static void Write(string path, Action<string> write)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
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
}
