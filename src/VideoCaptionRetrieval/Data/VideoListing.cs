namespace VideoCaptionRetrieval.Data;

/// <summary>Lists the clips of files, folders and .jsonl lists, in order, without duplicates.</summary>
public static class VideoListing
{
    private const string ListExtension = ".jsonl";

    /// <summary>Lists the clips of several paths.</summary>
    /// <param name="paths">Files, folders, .jsonl lists.</param>
    /// <param name="skipped">
    /// Receives what could not be listed: folders that cannot be read, and files and folders whose names are not UTF-8; null = nobody asks.
    /// </param>
    /// <exception cref="FileNotFoundException">A path is neither a file nor a folder, and does not look like a video.</exception>
    /// <exception cref="ArgumentException">A folder holds no video.</exception>
    /// <exception cref="InvalidDataException">A list has a broken line.</exception>
    public static IReadOnlyList<VideoClip> Read(IEnumerable<string> paths, ICollection<SkippedVideo>? skipped = null) =>
        Distinct(paths.SelectMany(path => ReadOne(path, skipped)));

    /// <inheritdoc cref="Read(IEnumerable{string}, ICollection{SkippedVideo})" />
    public static IReadOnlyList<VideoClip> Read(string path) => Read([path]);

    /// <summary>Lists the videos below a folder.</summary>
    internal static IReadOnlyList<VideoClip> ReadFolder(string folder, ICollection<SkippedVideo>? skipped = null)
    {
        var search = new VideoFolder(folder);
        foreach (var one in search.Skipped) skipped?.Add(one);
        return [.. search.Files.Select(path => new VideoClip(path, path))];
    }

    /// <summary>Reads the clips of a .jsonl list.</summary>
    internal static IReadOnlyList<VideoClip> ReadList(string file)
    {
        var clips = Distinct(JsonLines.Read(file, line => line.Clip()));
        return clips.Count > 0
            ? clips
            : throw new InvalidDataException($"'{file}' is empty; expected lines like {{\"video\":\"clips/dog.mp4\"}}.");
    }

    /// <summary>Normalises a name for comparison: drops './' and repeated '/'.</summary>
    public static string Normalise(string name)
    {
        if (!name.Contains("//", StringComparison.Ordinal) && !name.Contains("./", StringComparison.Ordinal)) return name;
        var parts = name.Split('/').Where((part, i) => part != "." && (part.Length > 0 || i == 0));
        return string.Join('/', parts);
    }

    private static IReadOnlyList<VideoClip> ReadOne(string path, ICollection<SkippedVideo>? skipped)
    {
        if (Directory.Exists(path)) return ReadFolder(path, skipped);
        if (Path.GetExtension(path).Equals(ListExtension, StringComparison.OrdinalIgnoreCase)) return ReadList(path);
        // A missing video counts as one that cannot be read: reading it reports that, and the others go on.
        if (File.Exists(path) || VideoFileExtensions.Match(path)) return [new(path, path)];
        throw new FileNotFoundException($"'{path}' is neither a video file, a folder, nor a {ListExtension} list " +
            $"(working directory '{Directory.GetCurrentDirectory()}').", path);
    }

    private static List<VideoClip> Distinct(IEnumerable<VideoClip> clips) => [.. clips.DistinctBy(clip => Normalise(clip.VideoId))];
}

/// <summary>The extensions of video files in a folder.</summary>
internal static class VideoFileExtensions
{
    private static readonly string[] All =
        [".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".flv", ".wmv", ".mpg", ".mpeg", ".ts", ".3gp", ".ogv", ".gif", ".webp"];

    /// <summary>The extensions, for messages.</summary>
    internal static string Listing { get; } = string.Join(' ', All.Select(extension => extension[1..]));

    internal static bool Match(string path) => All.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
