namespace VideoCaptionRetrieval.Data;

/// <summary>Turns what a user names (a file, a folder, a .jsonl list) into clips, in order, each once.</summary>
internal static class VideoListing
{
    private const string ListExtension = ".jsonl";

    /// <summary>The clips behind several paths.</summary>
    /// <exception cref="FileNotFoundException">A path is neither a file nor a folder, and does not look like a video.</exception>
    /// <exception cref="ArgumentException">A folder holds no video.</exception>
    /// <exception cref="InvalidDataException">A list has a broken line.</exception>
    internal static IReadOnlyList<VideoClip> Read(IEnumerable<string> paths) => Distinct(paths.SelectMany(ReadOne));

    /// <inheritdoc cref="Read(IEnumerable{string})" />
    internal static IReadOnlyList<VideoClip> Read(string path) => Read([path]);

    /// <summary>The videos below a folder.</summary>
    internal static IReadOnlyList<VideoClip> ReadFolder(string folder) =>
        [.. VideoFolder.Find(folder).Select(path => new VideoClip(path, path))];

    /// <summary>The clips of a list.</summary>
    internal static IReadOnlyList<VideoClip> ReadList(string file)
    {
        var clips = Distinct(JsonLines.Read(file, line => line.Clip()));
        return clips.Count > 0
            ? clips
            : throw new InvalidDataException($"'{file}' is empty; expected lines like {{\"video\":\"clips/dog.mp4\"}}.");
    }

    /// <summary>A name as it is compared: './' and repeated '/' do not count.</summary>
    internal static string Normalise(string name)
    {
        if (!name.Contains("//", StringComparison.Ordinal) && !name.Contains("./", StringComparison.Ordinal)) return name;
        var parts = name.Split('/').Where((part, i) => part != "." && (part.Length > 0 || i == 0));
        return string.Join('/', parts);
    }

    private static IReadOnlyList<VideoClip> ReadOne(string path)
    {
        if (Directory.Exists(path)) return ReadFolder(path);
        if (Path.GetExtension(path).Equals(ListExtension, StringComparison.OrdinalIgnoreCase)) return ReadList(path);
        // A missing video is a video that cannot be read: whoever reads it says so, and the others go on.
        if (File.Exists(path) || VideoFileExtensions.Match(path)) return [new(path, path)];
        throw new FileNotFoundException($"'{path}' is neither a video file, a folder, nor a {ListExtension} list " +
            $"(working directory '{Directory.GetCurrentDirectory()}').", path);
    }

    private static List<VideoClip> Distinct(IEnumerable<VideoClip> clips) => [.. clips.DistinctBy(clip => Normalise(clip.VideoId))];
}
