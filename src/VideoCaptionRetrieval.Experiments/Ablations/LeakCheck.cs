using System.IO.Hashing;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>
/// Finds test videos that are trained on under another name: another spelling of the path, a link, another part of the file, a copy. Not thread-safe.
/// </summary>
internal sealed class LeakCheck
{
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _contents = new(StringComparer.Ordinal);

    /// <summary>Refuses data sets of which some train on what others test on.</summary>
    /// <param name="train">What is trained on together.</param>
    /// <param name="tests">What is tested on.</param>
    /// <exception cref="InvalidDataException">A file is on both sides; the message names both videos.</exception>
    internal void Require(IReadOnlyList<ExperimentData> train, IReadOnlyList<ExperimentData> tests)
    {
        var trained = train.SelectMany(set => set.Train.Select(clip => (Set: set, Clip: clip))).ToList();
        var byFile = trained.GroupBy(one => File(one.Clip), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First());
        var byLength = trained.GroupBy(one => Length(one.Clip)).ToDictionary(group => group.Key, group => group.ToList());
        foreach (var set in tests)
            foreach (var clip in set.Test)
            {
                if (byFile.TryGetValue(File(clip), out var same)) throw Leak(set, clip, same.Set, same.Clip, "it is the same file");
                // Only files of one length are read.
                if (Length(clip) is > 0 and var length && byLength.TryGetValue(length, out var alike)
                    && alike.Find(one => Content(one.Clip) == Content(clip)) is { Clip: not null } copy)
                    throw Leak(set, clip, copy.Set, copy.Clip, "it is a copy of the same content");
            }
    }

    private static InvalidDataException Leak(ExperimentData tested, VideoClip test, ExperimentData trained, VideoClip train, string why) => new(
        $"Data set '{tested.Name}' tests on '{test.VideoId}', and '{trained.Name}' trains on '{train.VideoId}': {why}. Take it out of one of the two.");

    private string File(VideoClip clip) => _files.TryGetValue(clip.Path, out var known) ? known : _files[clip.Path] = RealPath.Of(clip.Path);

    private long Length(VideoClip clip) => new FileInfo(File(clip)) is { Exists: true } file ? file.Length : 0;

    private string Content(VideoClip clip)
    {
        var path = File(clip);
        if (_contents.TryGetValue(path, out var known)) return known;
        var hash = new XxHash128();
        using (var stream = System.IO.File.OpenRead(path)) hash.Append(stream);
        return _contents[path] = Convert.ToHexString(hash.GetCurrentHash());
    }
}
