using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Models.Tests.Generation;

/// <summary>
/// A decoder without a network: what follows depends on the image, the last two tokens and the length, by a seeded hash. It checks the
/// contract of <see cref="IStepDecoder.Reorder"/> and records the rows of each step.
/// </summary>
internal sealed class TableDecoder(int images, int vocabulary, int seed, double endBonus = 0, int endId = 0) : IStepDecoder
{
    private List<(int Image, int[] Ids)> _rows = [.. Enumerable.Range(0, images).Select(image => (image, Array.Empty<int>()))];
    private int _rowsPerImage = 1;

    public int Images => images;

    public int VocabularySize => vocabulary;

    public List<int> RowsOfSteps { get; } = [];

    public Action? BeforeStep { get; set; }

    public void Start(ReadOnlySpan<int> prompt, Span<float> logits)
    {
        var start = prompt.ToArray();
        _rows = [.. _rows.Select(row => (row.Image, start))];
        Write(logits);
    }

    public void Step(ReadOnlySpan<int> tokens, Span<float> logits)
    {
        BeforeStep?.Invoke();
        Assert.Equal(_rows.Count, tokens.Length);
        for (var row = 0; row < _rows.Count; row++) _rows[row] = (_rows[row].Image, [.. _rows[row].Ids, tokens[row]]);
        Write(logits);
    }

    public void Reorder(ReadOnlySpan<int> rows, int rowsPerImage)
    {
        var order = rows.ToArray();
        var slots = order.Chunk(rowsPerImage).ToArray();
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var source = Assert.Single(slots[slot].Select(row => row / _rowsPerImage).Distinct());
            Assert.True(source == slot || source >= slots.Length, $"slot {slot} of {slots.Length} takes the image of slot {source}");
        }
        _rows = [.. order.Select(row => _rows[row])];
        _rowsPerImage = rowsPerImage;
    }

    public void Dispose()
    {
    }

    /// <summary>Logits that follow a text.</summary>
    internal float[] Logits(int image, int[] ids)
    {
        var random = new Random(HashOf(seed, image, ids.Length, ids[^1], ids.Length > 1 ? ids[^2] : -1));
        var logits = new float[vocabulary];
        for (var token = 0; token < vocabulary; token++) logits[token] = (float)((random.NextDouble() * 6) - 3);
        logits[endId] += (float)endBonus;
        return logits;
    }

    private void Write(Span<float> logits)
    {
        RowsOfSteps.Add(_rows.Count);
        Assert.Equal(_rows.Count * vocabulary, logits.Length);
        for (var row = 0; row < _rows.Count; row++) Logits(_rows[row].Image, _rows[row].Ids).CopyTo(logits[(row * vocabulary)..]);
    }

    private static int HashOf(params int[] values) => values.Aggregate(17, (hash, value) => unchecked((hash * 31) + (value * 7919) + 13));
}
