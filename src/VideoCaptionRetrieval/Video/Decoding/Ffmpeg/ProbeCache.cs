using System.Collections.Concurrent;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>Remembers what ffprobe said of files that have not changed since. Thread-safe.</summary>
internal sealed class ProbeCache
{
    /// <summary>A list of all frames of a minute of video takes some 50 KiB.</summary>
    private const int MostFrames = 2_000_000;

    private readonly ConcurrentDictionary<(string FullPath, long Length, DateTime Changed), VideoProbe> _probes = [];
    private long _frames;

    /// <summary>What is known of a file; asks ffprobe where that is too little.</summary>
    /// <param name="file">The file.</param>
    /// <param name="complete">Whether all frames must be listed.</param>
    /// <param name="read">Asks ffprobe.</param>
    internal VideoProbe Get(VideoFile file, bool complete, Func<VideoProbe> read)
    {
        if (_probes.TryGetValue(Key(file), out var known) && (!complete || known.Packets?.IsComplete != false)) return known;
        var probe = read() with { SeeksFail = known?.SeeksFail == true };
        Set(file, probe);
        return probe;
    }

    /// <summary>Remembers what is known of a file now.</summary>
    internal void Set(VideoFile file, VideoProbe probe)
    {
        if (Interlocked.Add(ref _frames, probe.Packets?.Packets.Count ?? 1) > MostFrames)
        {
            // Rare, and asking again costs a tenth of a second: not worth an order of use.
            _probes.Clear();
            Interlocked.Exchange(ref _frames, 0);
        }
        _probes[Key(file)] = probe;
    }

    private static (string FullPath, long Length, DateTime Changed) Key(VideoFile file) => (file.FullPath, file.Length, file.Changed);
}
