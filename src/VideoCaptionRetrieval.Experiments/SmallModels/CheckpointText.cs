namespace VideoCaptionRetrieval.Experiments;

/// <summary>Writes the text files of a checkpoint.</summary>
internal static class CheckpointText
{
    internal static void Write(string folder, string name, string content)
    {
        var path = Path.Combine(folder, name);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(temporary, content);
        File.Move(temporary, path, overwrite: true);
    }
}
