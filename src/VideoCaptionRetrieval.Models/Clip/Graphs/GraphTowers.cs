using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using VideoCaptionRetrieval.Models.Onnx;

namespace VideoCaptionRetrieval.Models.Clip.Graphs;

/// <summary>Runs the text tower of a graph. Thread-safe.</summary>
internal sealed class GraphTextTower
{
    /// <summary>Further input of exports: 1 for tokens of the text, 0 behind its end.</summary>
    internal const string MaskInput = "attention_mask";

    private readonly OnnxTower _tower;
    private readonly OnnxSession _session;
    private readonly int _imageSize;

    internal GraphTextTower(OnnxSession session, int imageSize)
    {
        _session = session;
        _imageSize = imageSize;
        _tower = new(session, ClipTextGraph.Input, ClipTextGraph.Output, MaskInput, ClipVisionGraph.Input);
    }

    /// <inheritdoc cref="OnnxTower.Dimension"/>
    internal int Dimension => _tower.Dimension;

    /// <summary>Embeds ids [B, T], whose largest id in each row marks the end of text, as [B, D].</summary>
    internal void Embed(long[,] ids, Span<float> embeddings)
    {
        long[] shape = [ids.GetLength(0), ids.GetLength(1)];
        var flat = ids.Cast<long>().ToArray();
        using var value = Integers(_session, ClipTextGraph.Input, flat, shape);
        // A graph of both towers needs an image too: a black one.
        _tower.Run(value, name => name == MaskInput
            ? Integers(_session, name, Mask(ids), shape)
            : Floating(_session, name, [1, 3, _imageSize, _imageSize]), embeddings);
    }

    /// <summary>Creates a text of two tokens for input <paramref name="name"/> of a graph that needs one.</summary>
    internal static OrtValue Shortest(OnnxSession session, string name) =>
        Integers(session, name, name == MaskInput ? [1, 1] : [0, 1], [1, 2]);

    private static long[] Mask(long[,] ids)
    {
        var mask = new long[ids.Length];
        for (var row = 0; row < ids.GetLength(0); row++)
        {
            var end = 0;
            for (var at = 1; at < ids.GetLength(1); at++)
                if (ids[row, at] > ids[row, end]) end = at;
            mask.AsSpan(row * ids.GetLength(1), end + 1).Fill(1);
        }
        return mask;
    }

    private static OrtValue Integers(OnnxSession session, string name, long[] values, long[] shape) =>
        session.Input(name).ElementDataType == TensorElementType.Int32
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(values, value => (int)value), shape)
            : OrtValue.CreateTensorValueFromMemory(values, shape);

    private static OrtValue Floating(OnnxSession session, string name, long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return session.Input(name).ElementDataType == TensorElementType.Float16
            ? OrtValue.CreateTensorValueFromMemory(new Float16[count], shape)
            : OrtValue.CreateTensorValueFromMemory(new float[count], shape);
    }
}

/// <summary>Runs the image tower of a graph. Thread-safe.</summary>
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

    /// <summary>Embeds normalised pixels [count, 3, S, S] as [count, D].</summary>
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

    // A graph of both towers needs a text too: the shortest one.
    private void Run(OrtValue value, Span<float> embeddings) =>
        _tower.Run(value, name => GraphTextTower.Shortest(_session, name), embeddings);
}
