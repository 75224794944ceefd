using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Models.Onnx;

/// <summary>
/// A graph that is open in ONNX Runtime. Thread-safe. The caller owns and disposes it; native resources are freed after the last active run,
/// since a session that disappears during one would crash the process.
/// </summary>
internal sealed class OnnxSession : IDisposable
{
    private static readonly RunOptions Plain = new();

    private readonly InferenceSession _session;
    private readonly Lock _gate = new();
    private int _runs;
    private bool _disposed;

    private OnnxSession(InferenceSession session, string source) => (_session, Source) = (session, source);

    /// <summary>Path of the graph or of its weights, for messages.</summary>
    internal string Source { get; }

    /// <summary>ONNX Runtime's own session, for measurements against it.</summary>
    internal InferenceSession Native => _session;

    /// <summary>Names of the inputs, in their order.</summary>
    internal IReadOnlyList<string> Inputs => _session.InputNames;

    /// <summary>Names of the outputs.</summary>
    internal IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>Type and shape of an input.</summary>
    internal NodeMetadata Input(string name) => _session.InputMetadata[name];

    /// <summary>Type and shape of an output.</summary>
    internal NodeMetadata Output(string name) => _session.OutputMetadata[name];

    /// <summary>Opens a graph's file.</summary>
    /// <exception cref="ModelFileException">It is missing, damaged, or uses operators that this ONNX Runtime lacks.</exception>
    internal static OnnxSession Open(string path, InferenceOptions options, InferenceDevice device)
    {
        if (!File.Exists(path)) throw new ModelFileException(path, "the file does not exist; expected an ONNX graph.");
        return new(OnnxSessions.Create(path, options, device, settings => new(path, settings)), path);
    }

    /// <summary>Opens a graph in memory.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="folder">Folder that the locations of its weights are relative to.</param>
    /// <param name="source">Path of the weights, for messages.</param>
    /// <param name="options">Threads, optimisation and precision.</param>
    /// <param name="device">CPU or GPU.</param>
    internal static OnnxSession Open(ModelProto model, string folder, string source, InferenceOptions options, InferenceDevice device) =>
        new(OnnxSessions.Create(source, options, device, settings =>
        {
            settings.AddSessionConfigEntry(OnnxSessions.WeightsFolder, folder);
            return new(model.ToByteArray(), settings);
        }), source);

    /// <summary>Runs the graph and copies one output by <paramref name="copy"/>.</summary>
    /// <param name="values">A value for each of <see cref="Inputs"/>.</param>
    /// <param name="output">Name of the output to compute.</param>
    /// <param name="copy">Copies the output into the target.</param>
    /// <param name="target">Written by <paramref name="copy"/>.</param>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    /// <exception cref="ModelFileException">ONNX Runtime cannot run the graph on these values.</exception>
    internal void Run(IReadOnlyCollection<OrtValue> values, string output, Action<OrtValue, Span<float>> copy, Span<float> target)
    {
        Enter();
        try
        {
            using var outputs = _session.Run(Plain, _session.InputNames, values, [output]);
            copy(outputs[0], target);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFileException(Source, $"the graph cannot be run: {e.Message.TrimEnd()}", e);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Runs the graph and returns all of <see cref="Outputs"/>. The caller disposes each.</summary>
    /// <param name="values">A value for each of <see cref="Inputs"/>.</param>
    /// <exception cref="ObjectDisposedException">The session is disposed.</exception>
    /// <exception cref="ModelFileException">ONNX Runtime cannot run the graph on these values.</exception>
    internal IReadOnlyList<OrtValue> Run(IReadOnlyCollection<OrtValue> values)
    {
        Enter();
        try
        {
            return _session.Run(Plain, _session.InputNames, values, _session.OutputNames);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFileException(Source, $"the graph cannot be run: {e.Message.TrimEnd()}", e);
        }
        finally
        {
            Leave();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            if (_runs > 0) return;      // the last run disposes it
        }
        _session.Dispose();
    }

    private void Enter()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _runs++;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_runs > 0 || !_disposed) return;
        }
        _session.Dispose();
    }
}
