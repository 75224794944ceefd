namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Writes small text files so that a reader sees the old file or the new one, never half of one.</summary>
internal static class AtomicFile
{
    internal static void WriteText(string path, string content)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
