using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>
/// The files of a network that was just trained, until its model is disposed: weights, and graphs for inference. Saving the model copies
/// them.
/// </summary>
internal sealed class TrainedCheckpoint : IDisposable
{
    /// <summary>Of a process that was killed, or that did not dispose its models; older than any that still needs them.</summary>
    private static readonly TimeSpan LeftOver = TimeSpan.FromDays(30);

    /// <param name="save">Writes the network's present weights into the folder that it gets.</param>
    internal TrainedCheckpoint(Action<string> save)
    {
        var place = Path.Combine(UserCache.Folder, "trained");
        Directory.CreateDirectory(place);
        DeleteLeftOvers(place);
        Folder = Path.Combine(place, Guid.NewGuid().ToString("N"));
        save(Folder);
    }

    /// <summary>The folder, in the per-user cache.</summary>
    internal string Folder { get; }

    public void Dispose() => TryDelete(Folder);

    private static void DeleteLeftOvers(string place)
    {
        foreach (var folder in new DirectoryInfo(place).EnumerateDirectories())
            if (DateTime.UtcNow - folder.LastWriteTimeUtc > LeftOver) TryDelete(folder.FullName);
    }

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody reads a file (Windows): it is left over, and deleted later.
        }
    }
}
