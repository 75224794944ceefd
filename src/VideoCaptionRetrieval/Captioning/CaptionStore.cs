using System.Diagnostics.CodeAnalysis;
using VideoCaptionRetrieval.Captioning;

namespace VideoCaptionRetrieval;

/// <summary>
/// Finished captions in a folder, by what a video holds, the frame's time and the captioner's identity. <see cref="ImageCaptioner"/> appends
/// to it as it works, so that a run that was killed goes on where it was, and another one over the same videos finds them again.
/// </summary>
/// <remarks>
/// The folder holds captions.jsonl, one JSON object a line, which is only appended to; what is appended is on the disk before the work goes
/// on. Thread-safe; several processes may share a folder and find each other's captions. All captions are kept in memory.
/// </remarks>
public sealed class CaptionStore
{
    internal const string FileName = "captions.jsonl";
    private const int MergeBlock = 4096;
    private readonly Lock _gate = new();
    private readonly Dictionary<CaptionKey, CaptionRecord> _captions = [];
    private readonly CaptionLog _log;

    internal CaptionStore(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        (Folder, _log) = (folder, new(Path.Combine(folder, FileName)));
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>All captions that are known, in the order in which they were appended.</summary>
    public IReadOnlyList<CaptionRecord> Captions
    {
        get
        {
            lock (_gate) return [.. _captions.Values];
        }
    }

    /// <summary>Opens a folder; it is made where it does not exist.</summary>
    /// <exception cref="InvalidDataException">A line is broken; the message names it.</exception>
    public static CaptionStore Open(string folder)
    {
        var store = new CaptionStore(folder);
        store.Prepare();
        return store;
    }

    /// <summary>Reads what other processes appended since the last call.</summary>
    /// <exception cref="InvalidDataException">A line is broken; the message names it.</exception>
    public void Refresh()
    {
        lock (_gate) _log.ReadOn(Take);
    }

    /// <summary>
    /// Adds captions that are not there yet. Of two captions of one frame by one captioner the store's own stays.
    /// </summary>
    /// <param name="captions">Captions, such as those of another store.</param>
    /// <returns>How many were added, were there with the same text, and were there with another one.</returns>
    public CaptionMerge Merge(IEnumerable<CaptionRecord> captions)
    {
        ArgumentNullException.ThrowIfNull(captions);
        Refresh();
        var merge = new CaptionMerge(0, 0, 0);
        foreach (var block in captions.Chunk(MergeBlock))
        {
            lock (_gate)
            {
                var fresh = new Dictionary<CaptionKey, CaptionRecord>();
                foreach (var caption in block)
                {
                    if (!_captions.TryGetValue(caption.Key, out var known) && fresh.TryAdd(caption.Key, caption)) continue;
                    known ??= fresh[caption.Key];
                    merge = known.Caption == caption.Caption ? merge with { Known = merge.Known + 1 } : merge with { Conflicts = merge.Conflicts + 1 };
                }
                AppendLocked([.. fresh.Values]);
                merge = merge with { Added = merge.Added + fresh.Count };
            }
        }
        return merge;
    }

    /// <summary>Writes all captions into a file of JSON lines, as 'vcr caption' does, with the content's and captioner's identity.</summary>
    /// <param name="path">The file; it is replaced when it is complete.</param>
    public void ExportJsonLines(string path) => CaptionFiles.WriteJsonLines(path, Captions);

    /// <summary>Writes all captions into a Parquet file: columns video, start, end, captioner, frame, time, caption, content, identity.</summary>
    /// <param name="path">The file; it is replaced when it is complete.</param>
    public void ExportParquet(string path) => CaptionFiles.WriteParquet(path, Captions);

    /// <summary>Adds the captions of a file that <see cref="ExportJsonLines"/> or <see cref="ExportParquet"/> wrote.</summary>
    /// <param name="path">The file; what it holds is read from its first bytes.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or holds something else; the message names the line.</exception>
    public CaptionMerge Import(string path) => Merge(CaptionFiles.Read(path));

    /// <summary>Makes the folder and reads what it holds, so that faults show before long work starts.</summary>
    /// <exception cref="InvalidDataException">A line is broken; the message names it.</exception>
    internal void Prepare()
    {
        Directory.CreateDirectory(Folder);
        Refresh();
    }

    internal bool TryGet(CaptionKey key, [NotNullWhen(true)] out string? caption)
    {
        lock (_gate)
        {
            caption = _captions.GetValueOrDefault(key)?.Caption;
            return caption is not null;
        }
    }

    /// <summary>Appends captions and waits until they are on the disk.</summary>
    internal void Append(IReadOnlyList<CaptionRecord> captions)
    {
        lock (_gate) AppendLocked(captions);
    }

    private void AppendLocked(IReadOnlyList<CaptionRecord> captions)
    {
        if (captions.Count == 0) return;
        _log.Append(captions, Take);
        foreach (var caption in captions) Take(caption);
    }

    private void Take(CaptionRecord caption) => _captions[caption.Key] = caption;
}

/// <summary>What became of captions that were merged into a <see cref="CaptionStore"/>.</summary>
/// <param name="Added">Captions that were new.</param>
/// <param name="Known">Captions that were there, with the same text.</param>
/// <param name="Conflicts">Captions that were there with another text, which stays.</param>
public sealed record CaptionMerge(int Added, int Known, int Conflicts);
