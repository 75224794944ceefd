using System.Collections;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>Captions that are read from their file when they are asked for. Immutable, so thread-safe.</summary>
internal sealed class StoredCaptions(CaptionLog log, CaptionPlace[] places) : IReadOnlyList<CaptionRecord>
{
    public int Count => places.Length;

    public CaptionRecord this[int index] => log.Read([places[index]]).Single();

    public IEnumerator<CaptionRecord> GetEnumerator() => log.Read(places).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
