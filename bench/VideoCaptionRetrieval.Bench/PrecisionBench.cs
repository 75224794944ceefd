using System.Numerics.Tensors;
using System.Runtime.Intrinsics.X86;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Clip.Graphs;
using VideoCaptionRetrieval.Models.Onnx;

namespace VideoCaptionRetrieval.Bench;

/// <summary>
/// Images a second through the image tower of a ViT-B/32 in fp32, and with matrices of 8 bits in ONNX Runtime's plain and precise modes.
/// Where the processor lacks VNNI, sums of the plain mode saturate, and the precise one is taken.
/// </summary>
internal static class PrecisionBench
{
    private static readonly ClipConfig Config = new(ClipTextConfig.Default, ClipVisionConfig.Default);
    private static readonly int Size = Config.Vision.ImageSize;

    internal static void Run(string[] arguments)
    {
        var batches = arguments is [var given] ? given.Split(',').Select(int.Parse).ToArray() : [1, 8, 32];
        Console.WriteLine(PreciseProducts.AreNeeded ? "no VNNI: sums of the plain mode saturate" : X86Base.IsSupported ? "VNNI" : "no x64: one mode");
        using var clip = new LargeClip(Config);
        using var exact = Open(clip, new());
        using var plain = Open(clip, new() { Precision = InferencePrecision.Quantised, PreciseProducts = false });
        using var precise = Open(clip, new() { Precision = InferencePrecision.Quantised, PreciseProducts = true });
        var towers = new[] { exact, plain, precise }.Select(session => new GraphImageTower(session, Size)).ToArray();
        foreach (var batch in batches) Compare(towers, batch);
    }

    private static OnnxSession Open(LargeClip clip, InferenceOptions options) => ClipGraphs.OpenVision(clip.Weights, Config, options, default);

    private static void Compare(GraphImageTower[] towers, int batch)
    {
        var random = new Random(batch);
        var pixels = Enumerable.Range(0, batch * 3 * Size * Size).Select(_ => (float)((random.NextDouble() * 4) - 2)).ToArray();
        var embeddings = towers.Select(_ => new float[batch * Config.ProjectionSize]).ToArray();
        var timing = new PairedTiming()
            .Add("fp32", () => towers[0].Embed(pixels, batch, embeddings[0]))
            .Add("8 bits, plain", () => towers[1].Embed(pixels, batch, embeddings[1]))
            .Add("8 bits, precise", () => towers[2].Embed(pixels, batch, embeddings[2]));
        Report.Table($"images, batch {batch}", "images", batch, timing.Measure());
        var cosines = embeddings.Skip(1).Select(ways => Enumerable.Range(0, batch).Min(i => Cosine(embeddings[0], ways, i)));
        Console.WriteLine($"smallest cosine to fp32, plain and precise: {string.Join(", ", cosines.Select(cosine => Invariant($"{cosine:0.00000}")))}");
    }

    private static float Cosine(float[] a, float[] b, int row) => TensorPrimitives.CosineSimilarity<float>(
        a.AsSpan(row * Config.ProjectionSize, Config.ProjectionSize), b.AsSpan(row * Config.ProjectionSize, Config.ProjectionSize));
}
