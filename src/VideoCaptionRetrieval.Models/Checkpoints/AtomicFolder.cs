namespace VideoCaptionRetrieval.Models.Checkpoints;

/// <summary>Writes folders that appear complete or not at all.</summary>
public static class AtomicFolder
{
    /// <summary>Lets the caller fill a temporary folder beside <paramref name="folder"/>, then renames it.</summary>
    /// <param name="folder">A new or empty folder.</param>
    /// <param name="write">Fills the temporary folder whose path it receives; it exists and is empty.</param>
    /// <exception cref="IOException"><paramref name="folder"/> exists and is not empty.</exception>
    public static void Write(string folder, Action<string> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new IOException($"'{folder}' exists and is not empty; a checkpoint is written to a new or empty folder.");
        WithTemporary(target, temporary =>
        {
            Directory.CreateDirectory(temporary);
            write(temporary);
            if (Directory.Exists(target)) Directory.Delete(target);
            Directory.Move(temporary, target);
            return target;
        });
    }

    /// <summary>
    /// Passes the caller an unused path beside <paramref name="folder"/>, and deletes what is left there afterwards.
    /// </summary>
    /// <returns>The result of <paramref name="use"/>.</returns>
    public static T WithTemporary<T>(string folder, Func<string, T> use)
    {
        var temporary = $"{folder}.{Guid.NewGuid():N}.tmp";
        try
        {
            return use(temporary);
        }
        finally
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
        }
    }
}
