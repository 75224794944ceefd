using System.Numerics.Tensors;
using System.Runtime.Intrinsics.X86;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Clip.Graphs;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Models.Onnx.Schema;

namespace VideoCaptionRetrieval.Bench;

/// <summary>
/// Images and texts a second through the towers of a ViT-B/32, or of a checkpoint's CLIP, in fp32, and with matrices of 8 bits: one scale of
/// activations for a batch, one for each row, and that in ONNX Runtime's precise mode. Where the processor lacks VNNI, sums of the plain mode
/// saturate, and the precise one is taken.
/// </summary>
internal static class PrecisionBench
{
    private static readonly ClipConfig Large = new(ClipTextConfig.Default, ClipVisionConfig.Default);
    private static readonly string[] Ways = ["fp32", "8 bits, a scale for the batch", "8 bits, a scale for each row", "the same, precise mode"];

    private delegate void Embedding(OnnxSession session, float[] embeddings, int start, int count);

    /// <param name="arguments">Batch sizes, such as 1,8; a checkpoint folder.</param>
    internal static void Run(string[] arguments)
    {
        var batches = arguments is [var given, ..] ? given.Split(',').Select(int.Parse).ToArray() : [1, 8, 32];
        Console.WriteLine(PreciseProducts.AreNeeded ? "no VNNI: sums of the plain mode saturate" : X86Base.IsSupported ? "VNNI" : "no x64: one mode");
        if (arguments is [_, var folder])
        {
            var checkpoint = ClipCheckpoint.Open(folder);
            using var weights = checkpoint.OpenWeights();
            Compare(weights, checkpoint.Config, batches);
            return;
        }
        using var clip = new LargeClip(Large);
        Compare(clip.Weights, Large, batches);
    }

    private static void Compare(WeightsFile weights, ClipConfig config, int[] batches)
    {
        foreach (var batch in batches) Compare("images", weights, placed => ClipVisionGraph.Build(config, placed), config.ProjectionSize, batch, Images(config, batch));
        foreach (var batch in batches) Compare("texts", weights, placed => ClipTextGraph.Build(config, placed), config.ProjectionSize, batch, Texts(config, batch));
    }

    private static Embedding Images(ClipConfig config, int batch)
    {
        var (random, size) = (new Random(batch), config.Vision.ImageSize);
        var pixels = Enumerable.Range(0, batch * 3 * size * size).Select(_ => (float)((random.NextDouble() * 4) - 2)).ToArray();
        return (session, embeddings, start, count) => new GraphImageTower(session, size).Embed(
            pixels.AsMemory(start * 3 * size * size, count * 3 * size * size), count,
            embeddings.AsSpan(start * config.ProjectionSize, count * config.ProjectionSize));
    }

    private static Embedding Texts(ClipConfig config, int batch)
    {
        var (random, length, last) = (new Random(batch), config.Text.ContextLength, config.Text.VocabularySize - 1);
        var ids = Enumerable.Range(0, batch * length).Select(at => (long)(at % length == length - 1 ? last : random.Next(last))).ToArray();
        return (session, embeddings, start, count) =>
        {
            var part = new long[count, length];
            for (var at = 0; at < part.Length; at++) part[at / length, at % length] = ids[(start * length) + at];
            new GraphTextTower(session, config.Vision.ImageSize).Embed(part, embeddings.AsSpan(start * config.ProjectionSize, count * config.ProjectionSize));
        };
    }

    private static void Compare(string things, WeightsFile weights, Func<GraphWeights, ModelProto> build, int dimension, int batch, Embedding embed)
    {
        var folder = Path.GetDirectoryName(weights.Entries.Values.First().File)!;
        var stored = new StoredWeights(weights, folder);
        OnnxSession Open(GraphWeights placed, bool isPrecise) =>
            OnnxSession.Open(build(placed), folder, weights.Path, new() { PreciseProducts = isPrecise }, default);
        var rows = new Int8Weights(weights, stored);
        OnnxSession[] sessions = [Open(stored, false), Open(new BatchScaleWeights(weights, stored), false), Open(rows, false), Open(rows, true)];
        var embeddings = sessions.Select(_ => new float[batch * dimension]).ToArray();
        var timing = new PairedTiming();
        for (var way = 0; way < sessions.Length; way++)
        {
            var (session, target) = (sessions[way], embeddings[way]);
            timing.Add(Ways[way], () => embed(session, target, 0, batch));
        }
        Report.Table($"{things}, batch {batch}", things, batch, timing.Measure());
        for (var way = 1; way < sessions.Length; way++) Agreement(Ways[way], sessions[way], embeddings[0], embeddings[way], dimension, batch, embed);
        foreach (var session in sessions) session.Dispose();
    }

    private static void Agreement(string way, OnnxSession session, float[] exact, float[] together, int dimension, int batch, Embedding embed)
    {
        var alone = new float[together.Length];
        for (var i = 0; i < batch; i++) embed(session, alone, i, 1);
        float Least(float[] others) => Enumerable.Range(0, batch).Min(i => TensorPrimitives.CosineSimilarity<float>(
            others.AsSpan(i * dimension, dimension), together.AsSpan(i * dimension, dimension)));
        Console.WriteLine(Invariant($"{way}: least cosine to fp32 {Least(exact):0.000000}, to the same one by one {Least(alone):0.000000}")
            + $"{(alone.SequenceEqual(together) ? ", bit for bit" : "")}");
    }
}
