using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>
/// Counts captions that come in any order: of each it keeps 64-bit hashes of its video and its text, and its captioner. Two of ten million texts
/// have one hash with a probability of 3 in a million.
/// </summary>
internal sealed class CaptionTally
{
    private const int Partitions = 64;
    private const int ChunkLength = 8192;

    private readonly Dictionary<string, int> _captioners = new(StringComparer.Ordinal);
    private readonly List<long> _words = [];
    private readonly List<Mark[]>[] _chunks = [.. Enumerable.Range(0, Partitions).Select(_ => new List<Mark[]>())];
    private readonly int[] _lengths = new int[Partitions];

    /// <summary>What is kept of a caption.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct Mark(ulong Video, ulong Text, int Captioner);

    /// <summary>Adds a caption that has a text.</summary>
    internal void Add(CaptionRecord caption)
    {
        var text = CaptionText.Normalise(caption.Caption);
        if (!_captioners.TryGetValue(caption.Captioner, out var captioner))
        {
            _captioners.Add(caption.Captioner, captioner = _captioners.Count);
            _words.Add(0);
        }
        _words[captioner] += text.AsSpan().Count(' ') + 1;
        var video = Hash(caption.VideoId);
        var partition = (int)(video % Partitions);
        var at = _lengths[partition]++;
        if (at % ChunkLength == 0) _chunks[partition].Add(new Mark[ChunkLength]);
        _chunks[partition][at / ChunkLength][at % ChunkLength] = new(video, Hash(text), captioner);
    }

    /// <summary>Counts all captions that were added.</summary>
    internal (int Videos, CaptionSetStatistics Set, IReadOnlyList<CaptionerOverlap> Overlaps) Count()
    {
        var sums = new VideoSums(_captioners.Count);
        var buffer = new Mark[_lengths.Max()];
        for (var partition = 0; partition < Partitions; partition++) AddVideos(sums, Sorted(partition, buffer));
        // One array for all sets: large ones are collected late.
        var texts = new ulong[sums.All.Captions];
        var names = _captioners.OrderBy(one => one.Key, StringComparer.Ordinal).ToList();
        var byCaptioner = names.ToDictionary(one => one.Key, one => Set(sums.ByCaptioner[one.Value], one.Value, NoCaptioners, texts), StringComparer.Ordinal);
        return (sums.All.Videos, Set(sums.All, null, byCaptioner, texts), sums.Overlaps(names));
    }

    private Span<Mark> Sorted(int partition, Mark[] buffer)
    {
        var at = 0;
        foreach (var chunk in _chunks[partition])
        {
            var length = Math.Min(ChunkLength, _lengths[partition] - at);
            chunk.AsSpan(0, length).CopyTo(buffer.AsSpan(at));
            at += length;
        }
        var marks = buffer.AsSpan(0, at);
        marks.Sort((one, other) => (one.Video, one.Captioner, one.Text).CompareTo((other.Video, other.Captioner, other.Text)));
        return marks;
    }

    private static void AddVideos(VideoSums sums, ReadOnlySpan<Mark> marks)
    {
        var captions = new List<(int Captioner, ulong Text)>();
        for (var at = 0; at < marks.Length; at++)
        {
            captions.Add((marks[at].Captioner, marks[at].Text));
            if (at + 1 < marks.Length && marks[at + 1].Video == marks[at].Video) continue;
            sums.Add(captions);
            captions.Clear();
        }
    }

    private static readonly Dictionary<string, CaptionSetStatistics> NoCaptioners = [];

    /// <param name="sum">What was added up of the set.</param>
    /// <param name="captioner">The captioner of the set; null = all of them.</param>
    /// <param name="byCaptioner">The sets inside this one.</param>
    /// <param name="buffer">Room for the texts of the set.</param>
    private CaptionSetStatistics Set(VideoSums.Sum sum, int? captioner, Dictionary<string, CaptionSetStatistics> byCaptioner, ulong[] buffer)
    {
        if (sum.Captions == 0) return new(0, 0, 0, 0, 0, byCaptioner);
        var at = 0;
        for (var partition = 0; partition < Partitions; partition++)
            for (var i = 0; i < _lengths[partition]; i++)
            {
                var mark = _chunks[partition][i / ChunkLength][i % ChunkLength];
                if (captioner is null || mark.Captioner == captioner) buffer[at++] = mark.Text;
            }
        var texts = buffer.AsSpan(0, at);
        texts.Sort();
        var words = captioner is { } one ? _words[one] : _words.Sum();
        return new(sum.Captions, (double)sum.Captions / sum.Videos, sum.UniqueShares / sum.Videos, (double)VideoSums.Distinct(texts) / sum.Captions,
            (double)words / sum.Captions, byCaptioner);
    }

    private static ulong Hash(string text) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));
}

/// <summary>Adds up what is counted video by video.</summary>
/// <param name="captioners">Their number.</param>
internal sealed class VideoSums(int captioners)
{
    private readonly double[,] _shares = new double[captioners, captioners];
    private readonly int[,] _shared = new int[captioners, captioners];

    /// <summary>Sums over videos.</summary>
    /// <param name="Videos">Their number.</param>
    /// <param name="Captions">Their captions.</param>
    /// <param name="UniqueShares">Distinct texts of a video / its captions, added up.</param>
    internal readonly record struct Sum(int Videos, int Captions, double UniqueShares)
    {
        internal Sum With(int captions, int distinct) => new(Videos + 1, Captions + captions, UniqueShares + ((double)distinct / captions));
    }

    internal Sum All { get; private set; }

    internal Sum[] ByCaptioner { get; } = new Sum[captioners];

    /// <summary>Adds a video.</summary>
    /// <param name="captions">Its captions by captioner, then text.</param>
    internal void Add(IReadOnlyList<(int Captioner, ulong Text)> captions)
    {
        All = All.With(captions.Count, Distinct([.. captions.Select(caption => caption.Text).Order()]));
        var own = captions.GroupBy(caption => caption.Captioner, caption => caption.Text)
            .Select(group => (Captioner: group.Key, Count: group.Count(), Texts: group.ToHashSet())).ToList();
        foreach (var (captioner, count, texts) in own) ByCaptioner[captioner] = ByCaptioner[captioner].With(count, texts.Count);
        foreach (var first in own)
            foreach (var second in own)
            {
                if (first.Captioner == second.Captioner) continue;
                var both = first.Texts.Count(second.Texts.Contains);
                _shares[first.Captioner, second.Captioner] += (double)both / (first.Texts.Count + second.Texts.Count - both);
                _shared[first.Captioner, second.Captioner]++;
            }
    }

    /// <summary>The overlaps of all pairs; a pair that shares no video has 0.</summary>
    /// <param name="names">Labels and numbers of the captioners, in the order of the pairs.</param>
    internal IReadOnlyList<CaptionerOverlap> Overlaps(IReadOnlyList<KeyValuePair<string, int>> names) =>
    [
        .. names.SelectMany((first, i) => names.Skip(i + 1).Select(second => new CaptionerOverlap(
            first.Key, second.Key, _shares[first.Value, second.Value] / Math.Max(_shared[first.Value, second.Value], 1)))),
    ];

    /// <summary>Counts the different numbers of a sorted list.</summary>
    internal static int Distinct(ReadOnlySpan<ulong> sorted)
    {
        var distinct = sorted.Length == 0 ? 0 : 1;
        for (var i = 1; i < sorted.Length; i++)
            if (sorted[i] != sorted[i - 1]) distinct++;
        return distinct;
    }
}
