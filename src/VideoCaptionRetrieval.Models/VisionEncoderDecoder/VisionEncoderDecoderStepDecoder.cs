using Microsoft.ML.OnnxRuntime;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Models.Onnx;

namespace VideoCaptionRetrieval.Models.VisionEncoderDecoder;

/// <summary>
/// Runs an exported decoder step by step. Keys and values stay in ONNX Runtime's memory: the output of one step is the input of the next.
/// </summary>
internal sealed class VisionEncoderDecoderStepDecoder : IStepDecoder
{
    private readonly VisionEncoderDecoderModel _model;
    private readonly Dictionary<string, OrtValue> _past = new(StringComparer.Ordinal);
    private OrtValue _images;           // [slots, P, D]
    private OrtValue? _repeated;        // [rows, P, D]; null = one row for each image
    private int[][] _texts;             // row -> all tokens so far; graphs without a cache read them all
    private int _rowsPerImage = 1;

    /// <param name="model">The graphs, which the caller still owns.</param>
    /// <param name="images">[images, P, D]; the decoder takes ownership.</param>
    internal VisionEncoderDecoderStepDecoder(VisionEncoderDecoderModel model, OrtValue images)
    {
        (_model, _images, Images) = (model, images, (int)images.GetTensorTypeAndShape().Shape[0]);
        _texts = [.. Enumerable.Repeat(Array.Empty<int>(), Images)];
    }

    public int Images { get; }

    public int VocabularySize => _model.VocabularySize;

    public void Start(ReadOnlySpan<int> prompt, Span<float> logits)
    {
        var ids = prompt.ToArray();
        for (var row = 0; row < _texts.Length; row++) _texts[row] = ids;
        Run(_model.First, ids.Length, logits);
    }

    public void Step(ReadOnlySpan<int> tokens, Span<float> logits)
    {
        for (var row = 0; row < tokens.Length; row++) _texts[row] = [.. _texts[row], tokens[row]];
        if (_model.Next is { } next) Run(next, 1, logits);
        else Run(_model.First, _texts[0].Length, logits);
    }

    public void Reorder(ReadOnlySpan<int> rows, int rowsPerImage)
    {
        var (before, order) = (_rowsPerImage, rows.ToArray());
        var slots = Enumerable.Range(0, rows.Length / rowsPerImage).Select(slot => order[slot * rowsPerImage] / before).ToArray();
        var sameImages = slots.Length * before == _texts.Length && slots.Index().All(slot => slot.Item == slot.Index);
        if (!sameImages) Replace(ref _images, slots);
        if (!sameImages || rowsPerImage != before)
        {
            _repeated?.Dispose();
            _repeated = rowsPerImage == 1 ? null : OnnxRows.Gather(_images, [.. Enumerable.Range(0, rows.Length).Select(row => row / rowsPerImage)]);
        }
        if (order.Length != _texts.Length || order.Index().Any(row => row.Item != row.Index))
        {
            foreach (var name in _past.Keys.ToList())
            {
                using var old = _past[name];
                _past[name] = OnnxRows.Gather(old, order);
            }
        }
        _texts = [.. order.Select(row => _texts[row])];
        _rowsPerImage = rowsPerImage;
    }

    public void Dispose()
    {
        _images.Dispose();
        _repeated?.Dispose();
        ClearPast();
    }

    /// <summary>Runs the last <paramref name="added"/> tokens of every text.</summary>
    private void Run(DecoderGraph graph, int added, Span<float> logits)
    {
        var pastLength = _texts[0].Length - added;
        if (pastLength == 0) ClearPast();
        using var ids = OnnxRows.Integers([.. _texts.SelectMany(text => text.TakeLast(added).Select(id => (long)id))], _texts.Length, added);
        graph.Run(ids, _repeated ?? _images, _past, pastLength, logits);
    }

    private void ClearPast()
    {
        foreach (var value in _past.Values) value.Dispose();
        _past.Clear();
    }

    private static void Replace(ref OrtValue value, int[] rows)
    {
        using var old = value;
        value = OnnxRows.Gather(old, rows);
    }
}
