using System.Security.Cryptography;
using System.Text;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Interop;

/// <summary>
/// Writes and reads a folder of files inside a saved model. Layout: int count; for each file its path below the folder ('/'), long length, its
/// SHA-256 in hexadecimal; the contents are entries NAME/PATH. On load the files are extracted once into the per-user cache.
/// </summary>
public static class ModelFolder
{
    private const string Models = "models";
    private const int ChunkBytes = 1 << 20;

    private sealed record Item(string Path, long Length, string Hash);

    /// <summary>Writes every file below <paramref name="folder"/> as entries NAME/PATH.</summary>
    internal static void Write(ModelWriter writer, string name, string folder)
    {
        if (!Directory.Exists(folder))
            throw new ModelFileException(folder, "the folder is missing; a saved model takes its files from there.");
        var items = DescribeAll(folder);
        writer.Write(items, item =>
        {
            writer.Write(item.Path);
            writer.Write(item.Length);
            writer.Write(item.Hash);
        });
        foreach (var item in items)
        {
            using var source = File.OpenRead(Path.Combine(folder, item.Path));
            writer.WriteStream($"{name}/{item.Path}", stream => source.CopyTo(stream, ChunkBytes));
        }
    }

    /// <summary>Extracts what <see cref="Write"/> wrote, unless the cache holds it already.</summary>
    /// <returns>The folder; it belongs to the cache and must not be changed.</returns>
    internal static string Read(ModelReader reader, string name)
    {
        var items = reader.ReadList(() => new Item(Checked(reader.ReadString()), reader.ReadInt64(), reader.ReadString()));
        var folder = Path.Combine(UserCache.Folder, Models, Key(items));
        if (IsComplete(folder, items)) return folder;
        UserCache.CreateFolder(Models);
        return AtomicFolder.WithTemporary(folder, temporary =>
        {
            Directory.CreateDirectory(temporary);
            foreach (var item in items) reader.ReadStream($"{name}/{item.Path}", stream => Extract(stream, temporary, item));
            return Publish(temporary, folder, items);
        });
    }

    /// <summary>Writes a folder into the per-user cache, where <see cref="Read"/> finds it too.</summary>
    /// <param name="write">Writes the files into the given folder, which does not exist yet.</param>
    /// <returns>The folder; it belongs to the cache and must not be changed.</returns>
    internal static string Store(Action<string> write)
    {
        var cache = UserCache.CreateFolder(Models);
        return AtomicFolder.WithTemporary(Path.Combine(cache, "new"), temporary =>
        {
            write(temporary);
            var items = DescribeAll(temporary);
            var folder = Path.Combine(cache, Key(items));
            return IsComplete(folder, items) ? folder : Publish(temporary, folder, items);
        });
    }

    /// <summary>Computes the cache's key of all files of a folder.</summary>
    public static string Key(string folder) => Key(DescribeAll(folder));

    /// <summary>Computes the cache's key of some files of a folder.</summary>
    public static string Key(string folder, IEnumerable<string> files) =>
        Key([.. files.Select(file => Describe(folder, file)).OrderBy(item => item.Path, StringComparer.Ordinal)]);

    private static string Publish(string temporary, string folder, Item[] items)
    {
        if (Directory.Exists(folder) && !IsComplete(folder, items)) Directory.Delete(folder, recursive: true);
        try
        {
            Directory.Move(temporary, folder);
        }
        catch (IOException) when (IsComplete(folder, items))
        {
            // Another process has extracted the same files in the meantime.
        }
        return folder;
    }

    private static Item[] DescribeAll(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Describe(folder, file)).OrderBy(item => item.Path, StringComparer.Ordinal)];

    private static Item Describe(string folder, string file)
    {
        using var stream = File.OpenRead(file);
        return new(Path.GetRelativePath(folder, file).Replace('\\', '/'), stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    private static void Extract(Stream source, string folder, Item item)
    {
        var path = Path.Combine(folder, item.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var target = File.Create(path)) source.CopyTo(target, ChunkBytes);
        var got = Describe(folder, path);
        if (got.Length != item.Length || got.Hash != item.Hash)
        {
            throw new InvalidDataException($"The saved model is damaged: '{item.Path}' has {got.Length} bytes and SHA-256 {got.Hash}, " +
                $"expected {item.Length} bytes and {item.Hash}.");
        }
    }

    // A file from elsewhere must not write outside the folder.
    private static string Checked(string path) =>
        path.Length > 0 && !Path.IsPathRooted(path) && !path.Split('/', '\\').Contains("..")
            ? path
            : throw new InvalidDataException($"The saved model is damaged: '{path}' is not a path below a folder.");

    private static string Key(Item[] items)
    {
        var text = string.Concat(items.Select(item => $"{item.Path}\n{item.Length}\n{item.Hash}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static bool IsComplete(string folder, Item[] items) =>
        Directory.Exists(folder) && items.All(item =>
            new FileInfo(Path.Combine(folder, item.Path)) is { Exists: true } file && file.Length == item.Length);
}
