using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using VideoCaptionRetrieval.Models.Onnx;

namespace VideoCaptionRetrieval.Models.VisionEncoderDecoder;

/// <summary>Runs the graphs of an exported captioner in ONNX Runtime. The caller owns and disposes it.</summary>
internal sealed class VisionEncoderDecoderModel : IDisposable
{
    private const string Pixels = "pixel_values", Hidden = "last_hidden_state";
    private readonly OnnxSession _encoder;
    private readonly DecoderGraph _decoder;
    private readonly DecoderGraph? _withPast;
    private readonly bool _isMerged;

    /// <exception cref="ModelFileException">A graph cannot be opened, or is another network.</exception>
    internal VisionEncoderDecoderModel(VisionEncoderDecoderFiles files, InferenceOptions options, InferenceDevice device)
    {
        _isMerged = files.IsMerged;
        _encoder = OnnxSession.Open(files.Encoder, options, device);
        try
        {
            if (_encoder.Inputs is not [Pixels] || !_encoder.Outputs.Contains(Hidden))
            {
                throw new ModelFileException(files.Encoder, $"the graph takes '{string.Join("', '", _encoder.Inputs)}' and gives "
                    + $"'{string.Join("', '", _encoder.Outputs)}'; expected '{Pixels}' and '{Hidden}'.");
            }
            _decoder = new(files.Decoder, options, device);
            _withPast = files.WithPast is { } path ? new(path, options, device) : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Length V of a row of logits.</summary>
    internal int VocabularySize => _decoder.VocabularySize;

    /// <summary>The graph that runs the first step.</summary>
    internal DecoderGraph First => _decoder;

    /// <summary>The graph that runs further steps on cached keys and values; null = every step reads the whole text.</summary>
    internal DecoderGraph? Next => _isMerged ? _decoder : _withPast;

    /// <summary>Encodes normalised images [count, 3, S, S] as image tokens [count, P, D]. The caller disposes them.</summary>
    internal OrtValue EncodeImages(ReadOnlySpan<float> pixelValues, int count, int size)
    {
        var type = _encoder.Input(Pixels).ElementDataType;
        using var input = OnnxRows.Allocate(type, count, 3, size, size);
        if (type == TensorElementType.Float16)
        {
            var halves = input.GetTensorMutableDataAsSpan<Float16>();
            for (var i = 0; i < halves.Length; i++) halves[i] = (Float16)pixelValues[i];
        }
        else
        {
            pixelValues.CopyTo(input.GetTensorMutableDataAsSpan<float>());
        }
        var outputs = _encoder.Run([input]);
        var hidden = outputs[_encoder.Outputs.ToList().IndexOf(Hidden)];
        foreach (var other in outputs.Where(output => output != hidden)) other.Dispose();
        return hidden;
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder?.Dispose();
        _withPast?.Dispose();
    }
}

/// <summary>Runs a decoder's graph; the names of its inputs tell which variant it is. The caller owns and disposes it.</summary>
internal sealed class DecoderGraph : IDisposable
{
    internal const string HiddenStates = "encoder_hidden_states";
    private const string Ids = "input_ids", Logits = "logits", CacheBranch = "use_cache_branch";
    private const string Mask = "attention_mask", ImageMask = "encoder_attention_mask";
    private const string Past = "past_key_values.", Present = "present.";

    private readonly OnnxSession _session;

    /// <exception cref="ModelFileException">The graph cannot be opened, or has other inputs or outputs.</exception>
    internal DecoderGraph(string path, InferenceOptions options, InferenceDevice device)
    {
        _session = OnnxSession.Open(path, options, device);
        var unknown = _session.Inputs.Where(name => name is not (Ids or HiddenStates or CacheBranch or Mask or ImageMask)
            && !name.StartsWith(Past, StringComparison.Ordinal)).ToList();
        var shape = _session.Outputs.Contains(Logits) ? _session.Output(Logits).Dimensions : [];
        if (unknown.Count == 0 && _session.Inputs.Contains(Ids) && shape is [_, _, > 0])
        {
            VocabularySize = shape[2];
            return;
        }
        _session.Dispose();
        throw new ModelFileException(path, $"the graph takes '{string.Join("', '", _session.Inputs)}' and gives "
            + $"'{string.Join("', '", _session.Outputs)}'; "
            + $"expected '{Ids}', '{HiddenStates}', '{Past}…' and '{Logits}' [batch, length, vocabulary], as in Optimum's exports.");
    }

    internal int VocabularySize { get; }

    /// <summary>Runs the graph.</summary>
    /// <param name="ids">[rows, T].</param>
    /// <param name="images">[rows, P, D]; the caller still owns it.</param>
    /// <param name="past">Keys and values of earlier steps by name, replaced by those after this step. Empty at the first step.</param>
    /// <param name="pastLength">Positions in <paramref name="past"/>.</param>
    /// <param name="logits">[rows, V], written: scores of the next token.</param>
    internal void Run(OrtValue ids, OrtValue images, Dictionary<string, OrtValue> past, int pastLength, Span<float> logits)
    {
        var shape = ids.GetTensorTypeAndShape().Shape;
        var (values, made) = (new List<OrtValue>(), new List<OrtValue>());
        try
        {
            foreach (var name in _session.Inputs)
            {
                var known = name == Ids ? ids : name == HiddenStates ? images : past.GetValueOrDefault(name);
                if (known is null) made.Add(known = Other(name, shape[0], shape[1] + pastLength, images, past.Count > 0));
                values.Add(known);
            }
            Take(_session.Run(values), past, logits);
        }
        finally
        {
            made.ForEach(value => value.Dispose());
        }
    }

    public void Dispose() => _session.Dispose();

    private OrtValue Other(string name, long rows, long length, OrtValue images, bool hasPast)
    {
        switch (name)
        {
            case CacheBranch:
                var branch = OnnxRows.Allocate(TensorElementType.Bool, 1);
                branch.GetTensorMutableDataAsSpan<bool>()[0] = hasPast;
                return branch;
            case Mask: return Ones(rows, length);
            case ImageMask: return Ones(rows, images.GetTensorTypeAndShape().Shape[1]);
            default:        // keys or values before the first step: that branch of the graph does not read them
                var input = _session.Input(name);
                return OnnxRows.Allocate(input.ElementDataType, [.. input.Dimensions.Select((size, axis) => size > 0 ? size : axis == 0 ? rows : 0L)]);
        }
    }

    private static OrtValue Ones(long rows, long columns)
    {
        var value = OnnxRows.Allocate(TensorElementType.Int64, rows, columns);
        value.GetTensorMutableDataAsSpan<long>().Fill(1);
        return value;
    }

    private void Take(IReadOnlyList<OrtValue> outputs, Dictionary<string, OrtValue> past, Span<float> logits)
    {
        for (var i = 0; i < outputs.Count; i++)
        {
            var (name, value) = (_session.Outputs[i], outputs[i]);
            if (name == Logits) OnnxRows.LastPositions(value, logits);
            var key = name.StartsWith(Present, StringComparison.Ordinal) ? Past + name[Present.Length..] : null;
            // Keys and values of the image are written by the first step only; later steps may return them empty.
            if (key is null || (past.ContainsKey(key) && key.Contains(".encoder.", StringComparison.Ordinal)))
            {
                value.Dispose();
                continue;
            }
            if (past.TryGetValue(key, out var before)) before.Dispose();
            past[key] = value;
        }
    }
}
