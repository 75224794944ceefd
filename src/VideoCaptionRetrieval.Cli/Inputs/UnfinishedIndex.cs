using System.Text.Json;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>
/// Lets a run that was ended be continued: while an index is written, INDEX.unfinished lists the videos that it held before. Those that
/// it holds besides were embedded by the ended run.
/// </summary>
internal sealed class UnfinishedIndex
{
    private readonly string _path;
    private readonly DateTime _begun;
    private readonly HashSet<string> _done;

    private sealed record Note(int Frames, IReadOnlyList<string> Before);

    private UnfinishedIndex(string path, DateTime begun, IEnumerable<string> done) =>
        (_path, _begun, _done) = (path, begun, done.ToHashSet(StringComparer.Ordinal));

    /// <summary>Takes up an ended run that took as many frames, or notes the beginning of a new one.</summary>
    internal static UnfinishedIndex Continue(string folder, int frames, VideoIndex? index)
    {
        var path = Path.TrimEndingDirectorySeparator(folder) + ".unfinished";
        IReadOnlyCollection<string> present = index?.VideoIds ?? [];
        if (Read(path) is { } note && note.Frames == frames) return new(path, File.GetLastWriteTimeUtc(path), present.Except(note.Before));
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent) Directory.CreateDirectory(parent);
        AtomicFile.Create(path, temporary => File.WriteAllText(temporary, JsonSerializer.Serialize(new Note(frames, [.. present]))));
        return new(path, DateTime.MaxValue, []);
    }

    /// <summary>Whether the ended run embedded the clip, from a file that has not changed since.</summary>
    internal bool Holds(VideoClip clip) => _done.Contains(clip.VideoId) && File.GetLastWriteTimeUtc(clip.Path) <= _begun;

    /// <summary>Notes the end.</summary>
    internal void Finish() => File.Delete(_path);

    private static Note? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Note>(File.ReadAllText(path)) : null;
        }
        catch (JsonException)
        {
            return null;        // not ours, or damaged: the run starts anew
        }
    }
}
