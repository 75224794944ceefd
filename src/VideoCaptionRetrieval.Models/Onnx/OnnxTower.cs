using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>
/// One tower of a graph: which of its inputs and which output, by the names and types that the graph itself states. Thread-safe; whoever
/// opens the session disposes it.
/// </summary>
internal sealed class OnnxTower
{
    private static readonly RunOptions Plain = new();

    private readonly InferenceSession _session;
    private readonly string _source, _input, _output;

    /// <summary>Finds the tower's input and output.</summary>
    /// <param name="session">The graph.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <param name="input">The name of the input.</param>
    /// <param name="output">The name of the output, [batch, D].</param>
    /// <param name="others">The names of further inputs that the graph may have.</param>
    /// <exception cref="ModelFileException">The graph has other inputs or outputs.</exception>
    internal OnnxTower(InferenceSession session, string source, string input, string output, params string[] others)
    {
        (_session, _source, _input, _output) = (session, source, input, output);
        var unknown = session.InputNames.Where(name => name != input && !others.Contains(name)).ToList();
        if (!session.InputNames.Contains(input) || !session.OutputNames.Contains(output) || unknown.Count > 0)
        {
            throw new ModelFileException(source, $"the graph takes '{string.Join("', '", session.InputNames)}' and gives "
                + $"'{string.Join("', '", session.OutputNames)}'; expected '{input}' (beside it at most '{string.Join("', '", others)}') "
                + $"and '{output}', as in CLIP exports.");
        }
        var shape = session.OutputMetadata[output].Dimensions;
        Dimension = shape is [_, var length]
            ? length
            : throw new ModelFileException(source, $"output '{output}' has {shape.Length} dimensions; expected [batch, D].");
    }

    /// <summary>Element type of the input.</summary>
    internal TensorElementType InputType => _session.InputMetadata[_input].ElementDataType;

    /// <summary>The sizes that the input states; 0 or less where they vary.</summary>
    internal IReadOnlyList<int> InputShape => _session.InputMetadata[_input].Dimensions;

    /// <summary>Length D of an embedding; 0 or less where the graph does not state it.</summary>
    internal int Dimension { get; }

    /// <summary>Runs the graph.</summary>
    /// <param name="input">The input's value.</param>
    /// <param name="other">Makes the value of another input that the graph has.</param>
    /// <param name="embeddings">[batch, D], written.</param>
    internal void Run(OrtValue input, Func<string, OrtValue> other, Span<float> embeddings)
    {
        var names = _session.InputNames;
        var values = new OrtValue[names.Count];
        try
        {
            for (var i = 0; i < values.Length; i++) values[i] = names[i] == _input ? input : other(names[i]);
            using var outputs = _session.Run(Plain, names, values, [_output]);
            Copy(outputs[0], embeddings);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFileException(_source, $"the graph cannot be run: {e.Message.TrimEnd()}", e);
        }
        finally
        {
            for (var i = 0; i < values.Length; i++)
                if (names[i] != _input) values[i]?.Dispose();
        }
    }

    private void Copy(OrtValue output, Span<float> embeddings)
    {
        var info = output.GetTensorTypeAndShape();
        if (info.ElementCount != embeddings.Length)
        {
            throw new ModelFileException(_source, $"output '{_output}' is [{string.Join(", ", info.Shape)}]; "
                + $"expected {embeddings.Length} values.");
        }
        if (info.ElementDataType != TensorElementType.Float16)
        {
            output.GetTensorDataAsSpan<float>().CopyTo(embeddings);
            return;
        }
        var halves = output.GetTensorDataAsSpan<Float16>();
        for (var i = 0; i < halves.Length; i++) embeddings[i] = (float)halves[i];
    }
}
