using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using VideoCaptionRetrieval.Models.Onnx;

namespace VideoCaptionRetrieval.Models.VisionEncoderDecoder;

/// <summary>The graphs of an exported captioner, open in ONNX Runtime. Whoever creates it disposes it.</summary>
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

    /// <summary>The graph that begins a text.</summary>
    internal DecoderGraph First => _decoder;

    /// <summary>The graph that goes on with a text's keys and values; null = the whole text is read anew at every step.</summary>
    internal DecoderGraph? Next => _isMerged ? _decoder : _withPast;

    /// <summary>Image tokens [count, P, D] of normalised images [count, 3, S, S]; the caller disposes them.</summary>
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
