using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using VideoCaptionRetrieval.Models.Onnx;

namespace VideoCaptionRetrieval.Models.Clip.Graphs;

/// <summary>The image tower of a graph. Thread-safe.</summary>
internal sealed class GraphImageTower
{
    private readonly OnnxTower _tower;
    private readonly OnnxSession _session;
    private readonly int _size;

    internal GraphImageTower(OnnxSession session, int imageSize)
    {
        (_session, _size) = (session, imageSize);
        _tower = new(session, ClipVisionGraph.Input, ClipVisionGraph.Output, ClipTextGraph.Input, GraphTextTower.MaskInput);
        int[] expected = [0, 3, imageSize, imageSize];
        var shape = _tower.InputShape;
        if (shape.Count == expected.Length && shape.Zip(expected).Skip(1).All(pair => pair.First <= 0 || pair.First == pair.Second)) return;
        throw new ModelFileException(session.Source, $"'{ClipVisionGraph.Input}' is [{string.Join(", ", shape)}]; "
            + $"expected [batch, 3, {imageSize}, {imageSize}], the size that the configuration states.");
    }

    /// <inheritdoc cref="OnnxTower.Dimension"/>
    internal int Dimension => _tower.Dimension;

    /// <summary>[count, 3, S, S] normalised pixels → [count, D].</summary>
    internal void Embed(Memory<float> pixels, int count, Span<float> embeddings)
    {
        long[] shape = [count, 3, _size, _size];
        if (_tower.InputType != TensorElementType.Float16)
        {
            using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, shape);
            Run(value, embeddings);
            return;
        }
        var halves = ArrayPool<Float16>.Shared.Rent(pixels.Length);
        try
        {
            for (var i = 0; i < pixels.Length; i++) halves[i] = (Float16)pixels.Span[i];
            using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, halves.AsMemory(0, pixels.Length), shape);
            Run(value, embeddings);
        }
        finally
        {
            ArrayPool<Float16>.Shared.Return(halves);
        }
    }

    // A graph of both towers wants a text too: the shortest.
    private void Run(OrtValue value, Span<float> embeddings) =>
        _tower.Run(value, name => GraphTextTower.Shortest(_session, name), embeddings);
}
