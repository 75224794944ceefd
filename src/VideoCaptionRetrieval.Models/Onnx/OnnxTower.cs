using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>
/// Runs one tower of a graph, found by the names and types of its inputs and outputs. Thread-safe. The caller owns and disposes the session.
/// </summary>
internal sealed class OnnxTower
{
    private readonly OnnxSession _session;
    private readonly string _input, _output;

    /// <summary>Finds the tower's input and output.</summary>
    /// <param name="session">The graph.</param>
    /// <param name="input">Name of the input.</param>
    /// <param name="output">Name of the output, [batch, D].</param>
    /// <param name="others">Names of further inputs that the graph may have.</param>
    /// <exception cref="ModelFileException">The graph has other inputs or outputs.</exception>
    internal OnnxTower(OnnxSession session, string input, string output, params string[] others)
    {
        (_session, _input, _output) = (session, input, output);
        var unknown = session.Inputs.Where(name => name != input && !others.Contains(name)).ToList();
        if (!session.Inputs.Contains(input) || !session.Outputs.Contains(output) || unknown.Count > 0)
        {
            throw new ModelFileException(session.Source, $"the graph takes '{string.Join("', '", session.Inputs)}' and gives "
                + $"'{string.Join("', '", session.Outputs)}'; expected '{input}' (beside it at most '{string.Join("', '", others)}') "
                + $"and '{output}', as in CLIP exports.");
        }
        var shape = session.Output(output).Dimensions;
        Dimension = shape is [_, var length]
            ? length
            : throw new ModelFileException(session.Source, $"output '{output}' has {shape.Length} dimensions; expected [batch, D].");
    }

    /// <summary>Element type of the input.</summary>
    internal TensorElementType InputType => _session.Input(_input).ElementDataType;

    /// <summary>Sizes of the input; 0 or less where they vary.</summary>
    internal IReadOnlyList<int> InputShape => _session.Input(_input).Dimensions;

    /// <summary>Length D of an embedding; 0 or less where the graph does not tell.</summary>
    internal int Dimension { get; }

    /// <summary>Runs the graph.</summary>
    /// <param name="input">Value of the input.</param>
    /// <param name="other">Creates the value of a further input by name.</param>
    /// <param name="embeddings">[batch, D], written.</param>
    internal void Run(OrtValue input, Func<string, OrtValue> other, Span<float> embeddings)
    {
        var names = _session.Inputs;
        var values = new OrtValue[names.Count];
        try
        {
            for (var i = 0; i < values.Length; i++) values[i] = names[i] == _input ? input : other(names[i]);
            _session.Run(values, _output, Copy, embeddings);
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
            throw new ModelFileException(_session.Source, $"output '{_output}' is [{string.Join(", ", info.Shape)}]; "
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
