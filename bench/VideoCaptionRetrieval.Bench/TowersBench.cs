using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip.Graphs;
using VideoCaptionRetrieval.Torch.Clip;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace VideoCaptionRetrieval.Bench;

/// <summary>
/// Images and texts a second through the towers of a ViT-B/16: libtorch, ONNX Runtime, and a bare session on the same graph.
/// </summary>
internal static class TowersBench
{
    private const int Rounds = 5, Bodies = 64;
    private static readonly int Size = LargeClip.Config.Vision.ImageSize;
    private static readonly InferenceOptions Quantised = new() { Precision = InferencePrecision.Quantised };

    internal static void Run(string[] arguments)
    {
        var batches = arguments is [var given] ? given.Split(',').Select(int.Parse).ToArray() : [1, 8, 32];
        var peak = MatrixPeak.Measure();
        using var clip = new LargeClip();
        Images(clip, batches, peak);
        Texts(clip, batches, peak);
    }

    private static void Images(LargeClip clip, int[] batches, double peak)
    {
        using var half = new ClipModel(LargeClip.Config).Of(clip.Model);
        using var exact = ClipGraphs.OpenVision(clip.Weights, LargeClip.Config, new(), default);
        using var quantised = ClipGraphs.OpenVision(clip.Weights, LargeClip.Config, Quantised, default);
        var (ours, small) = (new GraphImageTower(exact, Size), new GraphImageTower(quantised, Size));
        foreach (var batch in batches)
        {
            var pixels = Numbers(batch * 3 * Size * Size);
            var embeddings = new float[batch * LargeClip.Config.ProjectionSize];
            using var input = tensor(pixels, [batch, 3, Size, Size]);
            using var halfInput = input.to(ScalarType.BFloat16);
            using var value = OrtValue.CreateTensorValueFromMemory(pixels, [batch, 3, Size, Size]);
            var timing = new PairedTiming(Rounds)
                .Add("libtorch fp32", () => Torch(() => clip.Model.EncodeImages(input)))
                .Add("libtorch bf16", () => Torch(() => half.EncodeImages(halfInput)))
                .Add("the bare session of the same graph, fp32", () => Bare(exact.Native, ClipVisionGraph.Input, value, ClipVisionGraph.Output))
                .Add("ours: ONNX Runtime fp32", () => ours.Embed(pixels, batch, embeddings))
                .Add("ours: ONNX Runtime int8", () => small.Embed(pixels, batch, embeddings));
            Report.Table($"images, batch {batch}", "images", batch, timing.Measure(), LargeClip.ImageOperations, peak);
        }
        Deviation("image", Bodies, (from, to, target) =>
        {
            for (var i = from; i < to; i++) ours.Embed(Image(i), 1, Row(target[0], i));
            for (var i = from; i < to; i++) small.Embed(Image(i), 1, Row(target[1], i));
        });
    }

    private static void Texts(LargeClip clip, int[] batches, double peak)
    {
        using var half = new ClipModel(LargeClip.Config).Of(clip.Model);
        using var exact = ClipGraphs.OpenText(clip.Weights, LargeClip.Config, new(), default);
        using var quantised = ClipGraphs.OpenText(clip.Weights, LargeClip.Config, Quantised, default);
        var (ours, small) = (new GraphTextTower(exact, Size), new GraphTextTower(quantised, Size));
        foreach (var batch in batches)
        {
            var ids = Ids(batch, seed: batch);
            var embeddings = new float[batch * LargeClip.Config.ProjectionSize];
            using var input = tensor(ids);
            using var value = OrtValue.CreateTensorValueFromMemory(ids.Cast<long>().ToArray(), [batch, ids.GetLength(1)]);
            var timing = new PairedTiming(Rounds)
                .Add("libtorch fp32", () => Torch(() => clip.Model.EncodeTexts(input)))
                .Add("libtorch bf16", () => Torch(() => half.EncodeTexts(input)))
                .Add("the bare session of the same graph, fp32", () => Bare(exact.Native, ClipTextGraph.Input, value, ClipTextGraph.Output))
                .Add("ours: ONNX Runtime fp32", () => ours.Embed(ids, embeddings))
                .Add("ours: ONNX Runtime int8", () => small.Embed(ids, embeddings));
            Report.Table($"texts of {ids.GetLength(1)} tokens, batch {batch}", "texts", batch, timing.Measure(), LargeClip.TextOperations, peak);
        }
        Deviation("text", Bodies, (from, to, target) =>
        {
            for (var i = from; i < to; i++) ours.Embed(Ids(1, i), Row(target[0], i));
            for (var i = from; i < to; i++) small.Embed(Ids(1, i), Row(target[1], i));
        });
    }

    /// <summary>How far int8 moves embeddings, and how it orders each one's neighbours.</summary>
    private static void Deviation(string what, int count, Action<int, int, float[][]> embed)
    {
        var values = new[] { new float[count * 512], new float[count * 512] };
        embed(0, count, values);
        var cosines = Enumerable.Range(0, count).Select(i => TensorPrimitives.CosineSimilarity<float>(Row(values[0], i), Row(values[1], i))).ToList();
        var nearest = Enumerable.Range(0, count).Select(i => (Order(values[0], i, count), Order(values[1], i, count))).ToList();
        Console.WriteLine(Invariant($"int8 against fp32, {count} {what} embeddings: smallest cosine {cosines.Min():0.00000}; nearest other one the same for ")
            + Invariant($"{nearest.Count(pair => pair.Item1[0] == pair.Item2[0])}; of the ten nearest {nearest.Average(pair => pair.Item1.Take(10).Intersect(pair.Item2.Take(10)).Count()):0.0} the same"));
    }

    private static int[] Order(float[] values, int row, int count) => [.. Enumerable.Range(0, count).Where(other => other != row)
        .OrderByDescending(other => TensorPrimitives.CosineSimilarity<float>(Row(values, row), Row(values, other)))];

    private static Span<float> Row(float[] values, int row) => values.AsSpan(row * 512, 512);

    private static void Torch(Func<Tensor> run)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        run();
    }

    private static void Bare(InferenceSession session, string input, OrtValue value, string output)
    {
        using var options = new RunOptions();
        session.Run(options, [input], [value], [output]).Dispose();
    }

    /// <summary>A copy in bfloat16.</summary>
    private static ClipModel Of(this ClipModel half, ClipModel model)
    {
        using var noGradient = no_grad();
        foreach (var (copy, parameter) in half.parameters().Zip(model.parameters())) copy.copy_(parameter);
        half.to(ScalarType.BFloat16);
        half.eval();
        return half;
    }

    private static float[] Numbers(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
    }

    /// <summary>Smooth colours, which random weights tell apart.</summary>
    private static float[] Image(int seed)
    {
        var waves = Numbers(6, seed);
        return [.. Enumerable.Range(0, 3 * Size * Size).Select(i =>
            MathF.Sin((waves[i / (Size * Size)] * (i % Size) / 20) + (waves[3 + (i / (Size * Size))] * (i / Size % Size) / 20)) * 2)];
    }

    private static long[,] Ids(int batch, int seed)
    {
        var ids = new long[batch, LargeClip.Config.Text.ContextLength];
        var random = new Random(seed);
        for (var row = 0; row < batch; row++)
            for (var at = 0; at < ids.GetLength(1); at++)
                ids[row, at] = at == 0 ? 49406 : at == ids.GetLength(1) - 1 ? 49407 : random.Next(49000);
        return ids;
    }
}
