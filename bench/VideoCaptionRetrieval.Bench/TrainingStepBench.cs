using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Training;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Bench;

/// <summary>
/// One training step of a ViT-B/16 with gradient caching, against a bare forward and backward pass of the towers over the same items.
/// </summary>
internal static class TrainingStepBench
{
    private const int Frames = 10, Captions = 4, Rounds = 3;
    internal static readonly ClipConfig Config = new(ClipTextConfig.Default, ClipVisionConfig.Default with { PatchSize = 16 });

    /// <param name="arguments">"cpu" or "cuda"; videos of a batch, such as 2,16; images and texts of a chunk, such as 5,40.</param>
    internal static void Run(string[] arguments)
    {
        var device = new torch.Device(arguments is ["cuda", ..] ? DeviceType.CUDA : DeviceType.CPU);
        int[] Numbers(int at, int[] missing) => arguments.Length > at ? [.. arguments[at].Split(',').Select(int.Parse)] : missing;
        using var model = ClipModel.Create(Config, seed: 1);
        model.to(device);
        Console.WriteLine();
        Console.WriteLine($"| {device.type}, {Frames} frames, {Captions} captions | step s | gradients s | optimiser s | towers alone s | step / towers | loss |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (var videos in Numbers(1, [2]))
            foreach (var chunk in Numbers(2, [5]))
                foreach (var precision in Precisions(device)) Row(model, videos, chunk, precision, device);
    }

    /// <summary>Random frames and captions; they belong to the caller's scope.</summary>
    internal static TrainingBatch Batch(int videos, torch.Device device)
    {
        var size = Config.Vision.ImageSize;
        var pixels = randn(videos * Frames, 3, size, size).to(device);
        return new(videos, Frames, (start, count) => pixels.narrow(0, start, count), Ids(videos * Captions).to(device),
            ones(videos, Captions, dtype: ScalarType.Bool).to(device));
    }

    private static IEnumerable<TrainingPrecision> Precisions(torch.Device device) => device.type == DeviceType.CUDA
        ? [TrainingPrecision.Full, TrainingPrecision.BFloat16, TrainingPrecision.Half]
        : [TrainingPrecision.Full, TrainingPrecision.BFloat16];

    private static void Row(ClipModel model, int videos, int chunk, TrainingPrecision precision, torch.Device device)
    {
        using var scope = NewDisposeScope();
        var batch = Batch(videos, device);
        using var optimiser = new Adam(ParameterGroups.Create(model, 1e-6, 1e-6, 1e-6));
        var step = new TrainingStep(model, optimiser, new() { ChunkSize = chunk, Precision = precision });
        var (gradients, updates, towers, loss) = (new double[Rounds], new double[Rounds], new double[Rounds], 0.0);
        step.Backward(batch);
        for (var round = 0; round < Rounds; round++)
        {
            gradients[round] = Seconds(device, () => loss = step.Backward(batch).Total);
            updates[round] = Seconds(device, () => step.Update(1));
            towers[round] = Seconds(device, () => Towers(model, batch, chunk));
        }
        optimiser.ClearGradients();
        double Median(double[] values) => values.Order().ElementAt(Rounds / 2);
        var whole = Median(gradients) + Median(updates);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| B = {videos}, chunk {chunk}, {precision} | {whole:0.000} | {Median(gradients):0.000} | {Median(updates):0.000} | {Median(towers):0.000} | {whole / Median(towers):0.00} | {loss:0.0000} |"));
    }

    /// <summary>Forward and backward of the towers alone, each item once, chunk by chunk.</summary>
    internal static void Towers(DualEncoderModel model, TrainingBatch batch, int chunk)
    {
        void Pass(int items, Func<int, int, Tensor> encode)
        {
            for (var start = 0; start < items; start += chunk)
            {
                using var scope = NewDisposeScope();
                var embeddings = encode(start, Math.Min(chunk, items - start));
                embeddings.backward([ones_like(embeddings)]);
            }
        }
        Pass(batch.Videos * batch.FramesPerVideo, (start, count) => model.EncodeImages(batch.Pixels(start, count)));
        Pass((int)batch.Ids.shape[0], (start, count) => model.EncodeTexts(batch.Ids.narrow(0, start, count)));
    }

    private static Tensor Ids(int texts)
    {
        var random = new Random(1);
        var length = Config.Text.ContextLength;
        var ids = new long[texts * length];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = (i % length) switch { 0 => Config.Text.StartOfTextId, > 12 => Config.Text.EndOfTextId, _ => random.Next(1, 40_000) };
        return tensor(ids).view(texts, length);
    }

    private static double Seconds(torch.Device device, Action run)
    {
        var start = Stopwatch.GetTimestamp();
        run();
        if (device.type == DeviceType.CUDA) cuda.synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
