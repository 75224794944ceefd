using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Torch.Blip;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Bench;

/// <summary>
/// Captions and tokens a second of a BLIP of the published base size with random weights, which never end a text before its greatest
/// length, with and without keys and values kept between the steps, and where the time goes.
/// </summary>
internal static class CaptioningBench
{
    private const int Rounds = 3;

    /// <param name="arguments">"cpu" or "cuda"; batch sizes, such as 1,8; beams, such as 1,3.</param>
    internal static void Run(string[] arguments)
    {
        var device = new torch.Device(arguments is ["cuda", ..] ? DeviceType.CUDA : DeviceType.CPU);
        var batches = Numbers(arguments, 1, [1, 4, 16]);
        var config = new BlipConfig { Text = new() { Heads = 12 } };
        using var model = BlipCaptioningModel.Create(config, seed: 1);
        model.to(device);
        model.eval();
        foreach (var beams in Numbers(arguments, 2, [1, 3]))
        {
            Console.WriteLine();
            Console.WriteLine($"| {device.type}, {(beams == 1 ? "greedy" : $"{beams} beams")} | captions/s | tokens/s | without cache, captions/s | with / without | encoder | decoder | everything else |");
            Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
            foreach (var batch in batches) Row(model, batch, ResolvedGeneration.From(new() { Beams = beams }, config.Text.EndId), device);
        }
    }

    private static void Row(BlipCaptioningModel model, int batch, ResolvedGeneration rules, torch.Device device)
    {
        var frames = new byte[batch * 3 * model.Config.Vision.ImageSize * model.Config.Vision.ImageSize];
        new Random(1).NextBytes(frames);
        Caption(model, frames, batch, rules, device, cache: true);              // the first run of a shape prepares it
        var (with, without) = (new Spent[Rounds], new Spent[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            with[round] = Caption(model, frames, batch, rules, device, cache: true);
            without[round] = Caption(model, frames, batch, rules, device, cache: false);
        }
        var best = with.OrderBy(spent => spent.All).ElementAt(Rounds / 2);
        var slower = without.Select(spent => spent.All).Order().ElementAt(Rounds / 2);
        var ratio = with.Zip(without, (one, other) => other.All / one.All).Order().ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| batch {batch} | {batch / best.All:0.00} | {best.Tokens / best.All:0.0} | {batch / slower:0.00} | {ratio:0.0} | {best.Encoder / best.All:0.0%} "
            + $"| {best.Decoder / best.All:0.0%} | {1 - ((best.Encoder + best.Decoder) / best.All):0.0%} |"));
    }

    private static Spent Caption(BlipCaptioningModel model, byte[] frames, int batch, ResolvedGeneration rules, torch.Device device, bool cache)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var size = model.Config.Vision.ImageSize;
        var all = Stopwatch.StartNew();
        var pixels = empty(batch, 3, size, size);
        new ImagePreprocessing(new(size, FrameFit.Stretch)).Normalise(frames, batch, MemoryMarshal.Cast<byte, float>(pixels.bytes));
        var encoding = Stopwatch.GetTimestamp();
        var images = model.EncodeImages(pixels.to(device));
        if (device.type == DeviceType.CUDA) cuda.synchronize();
        var encoder = Stopwatch.GetElapsedTime(encoding).TotalSeconds;
        var starting = Stopwatch.GetTimestamp();
        using IStepDecoder inner = cache ? model.StartDecoding(images, rules.MaxLength) : new ForgetfulDecoder(model, images);
        using var decoder = new TimedDecoder(inner);
        decoder.Seconds += Stopwatch.GetElapsedTime(starting).TotalSeconds;     // keys and values of the images
        var texts = TextGenerator.Generate(decoder, [model.Config.Text.StartId], rules, CancellationToken.None);
        return new(all.Elapsed.TotalSeconds, encoder, decoder.Seconds, texts.Sum(text => text.Ids.Length - 1));
    }

    private static int[] Numbers(string[] arguments, int at, int[] missing) =>
        arguments.Length > at ? [.. arguments[at].Split(',').Select(int.Parse)] : missing;

    private sealed record Spent(double All, double Encoder, double Decoder, int Tokens);
}
