using System.Globalization;
using VideoCaptionRetrieval.Torch.Clip;
using VideoCaptionRetrieval.Torch.Training;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Bench;

/// <summary>
/// Memory of training a ViT-B/16 on the CPU: what the graph of an image and of a text holds, and the most that a step needs with its
/// optimiser, for batches of several sizes. Linux alone: it asks the kernel.
/// </summary>
internal static class TrainingMemoryBench
{
    private const int GraphItems = 4;
    private const double MiB = 1 << 20;

    /// <param name="arguments">Videos of a batch, such as 2,4,8; images and texts of a chunk.</param>
    internal static void Run(string[] arguments)
    {
        var batches = arguments is [var sizes, ..] ? sizes.Split(',').Select(int.Parse) : [2, 4, 8];
        var chunk = arguments is [_, var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 5;
        using var model = ClipModel.Create(TrainingStepBench.Config, seed: 1);
        Graphs(model);
        Console.WriteLine();
        Console.WriteLine($"| CPU, chunk {chunk} | most memory of a step, MiB |");
        Console.WriteLine("|---|---:|");
        using var optimiser = new Adam(ParameterGroups.Create(model, 1e-6, 1e-6, 1e-6));
        var step = new TrainingStep(model, optimiser, new() { ChunkSize = chunk });
        foreach (var videos in batches)
        {
            using var scope = NewDisposeScope();
            var batch = TrainingStepBench.Batch(videos, CPU);
            File.WriteAllText("/proc/self/clear_refs", "5");        // the peak begins anew
            step.Backward(batch);
            step.Update(1);
            optimiser.ClearGradients();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| B = {videos} | {Memory("VmHWM"):#,0} |"));
        }
    }

    /// <summary>Values of the graph that a forward pass leaves, per item.</summary>
    private static void Graphs(ClipModel model)
    {
        using var scope = NewDisposeScope();
        var batch = TrainingStepBench.Batch(1, CPU);
        double Growth(Func<Tensor> encode)
        {
            using (var first = encode()) { }
            var before = Memory("VmRSS");
            using var graph = encode();
            return (Memory("VmRSS") - before) / GraphItems;
        }
        var image = Growth(() => model.EncodeImages(batch.Pixels(0, GraphItems)));
        var text = Growth(() => model.EncodeTexts(batch.Ids.narrow(0, 0, GraphItems)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The graph holds {image:0.0} MiB an image, {text:0.0} MiB a text."));
    }

    /// <summary>A line of the kernel's account of this process, in MiB.</summary>
    private static double Memory(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(one => one.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024 / MiB;
    }
}
