using System.Diagnostics;
using System.Globalization;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.Objective;
using VideoCaptionRetrieval.Torch.Training;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using VideoCaptionRetrieval.Video.Reading;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Bench;

/// <summary>
/// Where the time of a training step goes, on the CPU: ViT-B/16, 2 videos of 10 frames, 4 captions each, gradient caching. The next step's
/// frames are decoded meanwhile, as in training.
/// </summary>
internal static class TrainingSplitBench
{
    private const int Videos = 2, Frames = 10, Chunk = 5, Rounds = 3;

    internal static void Run()
    {
        var folder = Directory.CreateTempSubdirectory("vcr-bench-").FullName;
        var videos = ShapeWorldVideos.WriteExamples(folder);
        using var model = ClipModel.Create(TrainingStepBench.Config, seed: 1);
        using var timed = new TimedEncoder(model);
        using var optimiser = new Adam(ParameterGroups.Create(model, 1e-6, 1e-6, 1e-6));
        var step = new TrainingStep(timed, optimiser, new() { ChunkSize = Chunk });
        using var scope = NewDisposeScope();
        var batch = TrainingStepBench.Batch(Videos, CPU);
        step.Backward(batch);
        var parts = Enumerable.Range(0, Rounds).Select(round => Measure(step, timed, batch, [.. videos.Skip(Videos * round).Take(Videos)])).ToList();
        Directory.Delete(folder, recursive: true);
        Print([.. Enumerable.Range(0, parts[0].Length).Select(part => parts.Select(times => times[part]).Order().ElementAt(Rounds / 2))]);
    }

    /// <summary>Seconds: decode wait, vision, text, loss, backward, optimiser, towers alone.</summary>
    private static double[] Measure(TrainingStep step, TimedEncoder timed, TrainingBatch batch, string[] next)
    {
        var reader = new VideoFrameReader(new());
        var decoding = Task.Run(() => Array.ForEach(next, video => reader.Read(new(video, video), [new(Frames, new(TrainingStepBench.Config.Vision.ImageSize))])));
        timed.Vision.Reset();
        timed.Text.Reset();
        var gradients = Seconds(() => step.Backward(batch));
        var update = Seconds(() => step.Update(1));
        var wait = Seconds(decoding.Wait);
        var loss = Loss(batch, timed.Dimension);
        var (vision, text) = (timed.Vision.Elapsed.TotalSeconds, timed.Text.Elapsed.TotalSeconds);
        return [wait, vision, text, loss, gradients - vision - text - loss, update, Seconds(() => TrainingStepBench.Towers(timed, batch, Chunk))];
    }

    /// <summary>Similarity, loss, and their gradients at the embeddings, alone.</summary>
    private static double Loss(TrainingBatch batch, int dimension)
    {
        using var scope = NewDisposeScope();
        var frames = randn(batch.Videos, Frames, dimension, requires_grad: true);
        var captions = randn(batch.Videos, batch.Ids.shape[0] / batch.Videos, dimension, requires_grad: true);
        return Seconds(() => InfoNce.Symmetric(MultiCaptionQueryScoring.Similarity(MultiCaptionQueryScoring.PairScores(frames, captions, new())), zeros(1).squeeze())
            .Combine(BidirectionalLoss.Sum).backward());
    }

    private static void Print(double[] parts)
    {
        var step = parts[..^1].Sum();
        var others = (parts[0] + parts[3] + parts[5]) / step;
        Console.WriteLine("\n| CPU, B = 2, 10 frames, chunk 5 | decode wait s | vision s | text s | loss s | backward s | optimiser s | step s | towers once s | all but towers |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        Console.WriteLine($"| ViT-B/16, fp32 | {string.Join(" | ", parts[..^1].Append(step).Append(parts[^1]).Select(value => value.ToString("0.000", CultureInfo.InvariantCulture)))} | "
            + string.Create(CultureInfo.InvariantCulture, $"{100 * others:0.0} % |"));
    }

    private static double Seconds(Action run)
    {
        var start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
