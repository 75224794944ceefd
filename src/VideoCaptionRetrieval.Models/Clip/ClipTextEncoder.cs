using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Clip.Graphs;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>
/// Runs only the text side of a CLIP checkpoint, on the CPU in ONNX Runtime, as a search needs it. Embedding is thread-safe. The caller owns
/// and disposes it.
/// </summary>
internal sealed class ClipTextEncoder : ITextEncoder
{
    private readonly OnnxSession _session;
    private readonly OnnxClipTexts _texts;

    private ClipTextEncoder(OnnxSession session, ClipConfig config, ClipTokenizer tokenizer)
    {
        _session = session;
        try
        {
            _texts = new(new(session, config.Vision.ImageSize), tokenizer);
            Dimension = _texts.Dimension > 0 ? _texts.Dimension : config.ProjectionSize;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Length D of an embedding.</summary>
    public int Dimension { get; }

    /// <summary>
    /// Copies the text side of a checkpoint into a folder: configuration, tokenizer files, the weights of the text tower and the graph that points
    /// into them; for an export, only the graph.
    /// </summary>
    /// <exception cref="ModelFileException">The checkpoint is incomplete or damaged.</exception>
    internal static void Extract(ClipCheckpoint source, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in source.ReadProcessorFiles()) File.WriteAllBytes(Path.Combine(folder, name), content);
        File.WriteAllText(Path.Combine(folder, CheckpointFiles.Configuration), source.Config.ToJson());
        if (source.Format == ClipFormat.Onnx)
        {
            foreach (var file in source.Graphs()!.TextFiles) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            return;
        }
        var path = Path.Combine(folder, CheckpointFiles.Weights);
        using (var weights = source.OpenWeights())
        {
            var tensors = ClipTensors.ListText(source.Config);
            foreach (var (name, shape) in tensors) TensorCheck.Require(weights, name, shape);
            SafetensorsWriter.Copy(path, weights, tensors.Keys);
        }
        using var copy = new SafetensorsFile(path);
        ClipGraphs.WriteTextBeside(folder, source.Config, copy);
    }

    /// <summary>Loads what <see cref="Extract"/> wrote, including folders of earlier versions, which have no graph.</summary>
    /// <exception cref="ModelFileException">A file is missing, damaged, or asks for something not implemented.</exception>
    internal static ClipTextEncoder Load(string folder, InferenceOptions? options = null)
    {
        options ??= new();
        var config = ClipConfig.Read(folder);
        var tokenizer = ClipTokenizer.Load(folder, TextCleaning.OpenAI, config.Text.ContextLength);
        var (weights, graph) = (Path.Combine(folder, CheckpointFiles.Weights), Directory.EnumerateFiles(folder, "*.onnx").FirstOrDefault());
        if (graph is not null && !File.Exists(weights)) return new(OnnxSession.Open(graph, options, default), config, tokenizer);
        using var file = new SafetensorsFile(weights);
        // ONNX Runtime maps weights into memory without checking their names and shapes.
        TensorCheck.Compare(file, ClipTensors.ListText(config), TensorCheck.PositionBuffers).Require();
        var session = graph is not null && options.Precision == InferencePrecision.Full
            ? OnnxSession.Open(graph, options, default)
            : ClipGraphs.OpenText(file, config, options, default);
        return new(session, config, tokenizer);
    }

    /// <summary>Computes the embedding [D] of a text, projected and not normalised.</summary>
    public float[] Embed(string text)
    {
        var embedding = new float[Dimension];
        _texts.Embed([text], Dimension, embedding);
        return embedding;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}

/// <summary>Embeds texts with the text tower of a graph. Thread-safe.</summary>
internal sealed class OnnxClipTexts(GraphTextTower tower, ClipTokenizer tokenizer)
{
    private const int TextsAtOnce = 64;

    /// <summary>Length D of an embedding; 0 or less where the graph does not tell.</summary>
    internal int Dimension => tower.Dimension;

    /// <summary>Embeds texts as [texts, D], projected and not normalised.</summary>
    internal void Embed(IReadOnlyList<string> texts, int dimension, Span<float> embeddings)
    {
        for (var start = 0; start < texts.Count; start += TextsAtOnce)
        {
            var part = texts.Skip(start).Take(TextsAtOnce).ToList();
            tower.Embed(tokenizer.EncodeBatch(part), embeddings.Slice(start * dimension, part.Count * dimension));
        }
    }
}
