using System.Text;
using System.Text.RegularExpressions;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Search.Storage;

/// <summary>Reads and replaces the files of an index folder.</summary>
/// <remarks>
/// index.json names every file that belongs to the index; data files and text folders get new names and never change. A write adds new
/// files, then renames a new index.json over the old one: a reader, or a crash, sees the old index or the new one, never a mixture. Files
/// that index.json does not name are left-overs, and the next write deletes them. index.lock keeps a second writer out.
/// </remarks>
internal sealed partial class IndexFolder(string path)
{
    private const string ManifestName = "index.json";
    private const string LockName = "index.lock";

    internal string Path { get; } = System.IO.Path.GetFullPath(path);

    internal string ManifestPath => Combine(ManifestName);

    internal bool HasManifest => File.Exists(ManifestPath);

    internal static bool IsSegmentName(string name) => SegmentName().IsMatch(name);

    internal static bool IsTextName(string name) => TextName().IsMatch(name);

    internal string Combine(string name) => System.IO.Path.Combine(Path, name);

    internal string NewSegmentPath() => Combine($"frames-{Guid.NewGuid():N}.bin");

    /// <summary>Reads the text of index.json.</summary>
    internal string ReadManifest()
    {
        if (!Directory.Exists(Path)) throw new ModelFileException(Path, "the folder does not exist; expected an index. Build one first.");
        try
        {
            using var stream = new FileStream(ManifestPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
        catch (FileNotFoundException exception)
        {
            throw new ModelFileException(
                Path, $"the folder holds no '{ManifestName}'; expected an index. Name a folder that holds one, or build one first.",
                exception);
        }
    }

    /// <summary>Replaces index.json in one step.</summary>
    internal void Commit(string manifest) => AtomicFile.Write(ManifestPath, stream => stream.Write(Encoding.UTF8.GetBytes(manifest)));

    /// <summary>Creates a text folder, lets the caller fill it, and returns its name.</summary>
    internal string WriteText(Action<string> write)
    {
        var name = $"text-{Guid.NewGuid():N}";
        Directory.CreateDirectory(Combine(name));
        write(Combine(name));
        return name;
    }

    /// <summary>Locks out other writers until the result is disposed.</summary>
    /// <exception cref="IOException">Another writer holds the lock.</exception>
    internal FileStream Lock()
    {
        try
        {
            return new(Combine(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"The index '{Path}' is being written by another process; wait until that has ended and try again.", exception);
        }
    }

    /// <summary>Deletes left-overs of earlier writes, where that is possible now. The caller holds the lock.</summary>
    internal void DeleteOrphans(IndexManifest? current)
    {
        var named = current is null ? [] : current.Segments.Select(segment => segment.File).Append(current.Text).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(Path).Where(file => IsLeftOver(file, named))) TryDelete(() => File.Delete(file));
        foreach (var folder in Directory.EnumerateDirectories(Path).Where(folder => IsLeftOver(folder, named)))
            TryDelete(() => Directory.Delete(folder, recursive: true));
    }

    /// <summary>Checks that an index may be made here: the folder is absent, empty, or holds an index.</summary>
    /// <exception cref="ModelFileException">It holds something else, or is a file.</exception>
    internal void RequireOwn()
    {
        if (File.Exists(Path)) throw new ModelFileException(Path, "it is a file; expected a folder. Choose another one.");
        if (HasManifest || !Directory.Exists(Path)) return;
        var foreign = Directory.EnumerateFileSystemEntries(Path).Select(System.IO.Path.GetFileName)
            .FirstOrDefault(name => name is not (null or LockName) && !OwnName().IsMatch(name));
        if (foreign is not null)
        {
            throw new ModelFileException(Path, $"the folder holds '{foreign}' and no index; "
                + "expected an empty folder or an index. Choose another folder.");
        }
    }

    private static bool IsLeftOver(string entry, HashSet<string?> named) =>
        System.IO.Path.GetFileName(entry) is var name && OwnName().IsMatch(name) && !named.Contains(name);

    private static void TryDelete(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A reader still has the file open (Windows). It is harmless, and the next write tries again.
        }
    }

    [GeneratedRegex(@"\Aframes-[0-9a-f]{32}\.bin\z")]
    private static partial Regex SegmentName();

    [GeneratedRegex(@"\Atext-[0-9a-f]{32}\z")]
    private static partial Regex TextName();

    [GeneratedRegex(@"\A(frames-[0-9a-f]{32}\.bin|text-[0-9a-f]{32}|index\.json\.[0-9a-f]{32}\.tmp)\z")]
    private static partial Regex OwnName();
}

/// <summary>Creates the error for an index whose files are damaged.</summary>
internal static class CorruptIndex
{
    internal static ModelFileException Fault(string path, string problem, Exception? cause = null) =>
        new(path, $"{problem} The index is damaged: restore it from a copy, or build it again.", cause);
}
