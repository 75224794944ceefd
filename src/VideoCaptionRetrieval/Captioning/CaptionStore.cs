using System.Diagnostics.CodeAnalysis;
using VideoCaptionRetrieval.Captioning;

namespace VideoCaptionRetrieval;

/// <summary>
/// Stores finished captions in a folder, by the video's content, the frame's time and the captioner's identity. <see cref="ImageCaptioner"/>
/// appends to it as it works, so that a killed run resumes, and another run over the same videos reuses the captions.
/// </summary>
/// <remarks>
/// The folder holds captions.jsonl, one JSON object a line, which is only appended to and flushed to disk after each append. Thread-safe;
/// several processes may share a folder and see each other's captions. Memory holds what identifies the captions, and where they stand in the
/// file, which the texts are read from. There is nothing to dispose.
/// </remarks>
public sealed class CaptionStore
{
    /// <summary>The file of finished captions in the store's folder.</summary>
    public const string FileName = "captions.jsonl";
    private const int MergeBlock = 4096;
    private readonly Lock _gate = new();
    private readonly Dictionary<CaptionKey, CaptionPlace> _captions = [];
    private readonly CaptionLog _log;

    internal CaptionStore(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        (Folder, _log) = (folder, new(Path.Combine(folder, FileName)));
    }

    /// <summary>The folder, as it was given.</summary>
    public string Folder { get; }

    /// <summary>All captions known so far, in the order in which they were appended; each is read from the file when it is asked for.</summary>
    public IReadOnlyList<CaptionRecord> Captions
    {
        get
        {
            lock (_gate) return new StoredCaptions(_log, [.. _captions.Values]);
        }
    }

    /// <summary>Opens a store; creates the folder where it does not exist.</summary>
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
    /// Adds the captions that the store lacks. A caption of the same frame by the same captioner that is there already stays.
    /// </summary>
    /// <param name="captions">Captions, such as those of another store.</param>
    /// <returns>The numbers of captions that were added, that were there with the same text, and that were there with another.</returns>
    public CaptionMerge Merge(IEnumerable<CaptionRecord> captions)
    {
        ArgumentNullException.ThrowIfNull(captions);
        Refresh();
        var merge = new CaptionMerge(0, 0, 0);
        foreach (var block in captions.Chunk(MergeBlock))
        {
            lock (_gate)
            {
                var places = block.Select(caption => caption.Key).Distinct().Where(_captions.ContainsKey).Select(key => _captions[key]);
                var known = _log.Read(places).ToDictionary(caption => caption.Key, caption => caption.Caption);
                var fresh = new List<CaptionRecord>();
                foreach (var caption in block)
                {
                    if (known.TryAdd(caption.Key, caption.Caption)) fresh.Add(caption);
                    else if (known[caption.Key] == caption.Caption) merge = merge with { Unchanged = merge.Unchanged + 1 };
                    else merge = merge with { Conflicting = merge.Conflicting + 1 };
                }
                AppendLocked(fresh);
                merge = merge with { Added = merge.Added + fresh.Count };
            }
        }
        return merge;
    }

    /// <summary>Exports all captions as JSON lines, as 'vcr caption' writes them, with the identities of content and captioner.</summary>
    /// <param name="path">The file; it is written whole or not at all, and replaces one that exists.</param>
    public void ExportJsonLines(string path) => CaptionFiles.WriteJsonLines(path, Captions);

    /// <summary>Exports all captions as Parquet: columns video, start, end, captioner, frame, time, caption, content, identity.</summary>
    /// <param name="path">The file; it is written whole or not at all, and replaces one that exists.</param>
    public void ExportParquet(string path) => CaptionFiles.WriteParquet(path, Captions);

    /// <summary>Merges the captions of a file that <see cref="ExportJsonLines"/> or <see cref="ExportParquet"/> wrote.</summary>
    /// <param name="path">The file; its first bytes tell the format.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or holds something else; the message names the line.</exception>
    public CaptionMerge Import(string path) => Merge(CaptionFiles.Read(path));

    /// <summary>Creates the folder and reads the store, so that faults show before long work starts.</summary>
    /// <exception cref="InvalidDataException">A line is broken; the message names it.</exception>
    internal void Prepare()
    {
        Directory.CreateDirectory(Folder);
        Refresh();
    }

    internal bool TryGet(CaptionKey key, [NotNullWhen(true)] out string? caption)
    {
        CaptionPlace place;
        lock (_gate)
        {
            if (!_captions.TryGetValue(key, out place))
            {
                caption = null;
                return false;
            }
        }
        caption = _log.Read([place]).Single().Caption;
        return true;
    }

    /// <summary>Appends captions and flushes them to disk.</summary>
    internal void Append(IReadOnlyList<CaptionRecord> captions)
    {
        lock (_gate) AppendLocked(captions);
    }

    private void AppendLocked(IReadOnlyList<CaptionRecord> captions)
    {
        if (captions.Count > 0) _log.Append(captions, Take);
    }

    private void Take(CaptionRecord caption, CaptionPlace place) => _captions[caption.Key] = place;
}

/// <summary>The result of merging captions into a <see cref="CaptionStore"/>.</summary>
/// <param name="Added">Captions that were added.</param>
/// <param name="Unchanged">Captions that the store held with the same text.</param>
/// <param name="Conflicting">Captions that the store held with another text, which stays.</param>
public sealed record CaptionMerge(int Added, int Unchanged, int Conflicting);
