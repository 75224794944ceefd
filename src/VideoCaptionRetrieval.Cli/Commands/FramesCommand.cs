using System.CommandLine;
using SkiaSharp;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.Sampling.Ffmpeg;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr frames VIDEO: the frames that a model would see, as PNG files.</summary>
internal static class FramesCommand
{
    private const int DefaultSize = 224;
    private const string CenterCrop = "center-crop", Stretch = "stretch";

    internal static Command Create(CommandHost host)
    {
        var video = new Argument<string>("VIDEO") { Description = "A video file." };
        var count = CommonOptions.Frames("--count");
        var clip = new Option<string?>("--clip") { Description = "Take size and crop rule of this model's frames: a checkpoint folder or a saved model.", HelpName = "MODEL" };
        var size = new Option<int?>("--size") { Description = $"Width and height in pixels; by default the model's, else {DefaultSize}.", HelpName = "PIXELS" };
        size.Validators.Add(Validators.AtLeast(1));
        var fit = new Option<string?>("--fit") { Description = $"How a frame becomes a square; by default the model's way, else {CenterCrop}." };
        fit.AcceptOnlyFromAmong(CenterCrop, Stretch);
        var folder = CommonOptions.Output("The folder for the PNG files; made where it does not exist.", "DIR");
        var command = new Command("frames", "Writes the frames that a model would see of a video as PNG files.") { video, folder, count, clip, size, fit };
        return host.Handle(command, (parsed, context) =>
        {
            var (format, saved) = Format(context, parsed.GetValue(clip), parsed.GetValue(size), parsed.GetValue(fit));
            return Run(context, parsed.GetRequiredValue(video), parsed.GetValue(count) ?? saved ?? FrameColumn.DefaultCount, format, parsed.GetRequiredValue(folder));
        });
    }

    private static (FrameFormat Format, int? SavedCount) Format(CommandContext context, string? clip, int? size, string? fit)
    {
        var model = clip is null ? null : ModelReference.Describe(context.CreateMLContext(), clip);
        var format = model?.Format ?? new FrameFormat(DefaultSize);
        if (size is not null) format = format with { Size = size.Value };
        if (fit is not null) format = format with { Fit = fit == Stretch ? FrameFit.Stretch : FrameFit.CenterCrop };
        return (format, model?.FrameCount);
    }

    private static int Run(CommandContext context, string video, int count, FrameFormat format, string folder)
    {
        var reader = new VideoFrameReader(new FfmpegOptions());
        var sampled = reader.Read(new VideoClip(video, video), [new FrameRequest(count, format)], context.Cancellation);
        Directory.CreateDirectory(folder);
        var (frames, times) = (sampled.Frames[0], sampled.Times[0]);
        var files = new string[count];
        for (var index = 0; index < count; index++)
        {
            files[index] = Path.Combine(folder, $"{index:0000}.png");
            WritePng(files[index], frames.AsSpan(index * format.FrameBytes, format.FrameBytes), format.Size);
        }
        context.Print(
            new
            {
                path = video,
                duration = sampled.Duration,
                frames = files.Select((file, index) =>
                new { index, time = times[index], file })
            },
            files.Select((file, index) => $"{Clock.Text(times[index])}  {file}"));
        return ExitCode.Done;
    }

    private static void WritePng(string path, ReadOnlySpan<byte> rgb, int size)
    {
        var pixels = new byte[4 * size * size];
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            rgb.Slice(from, 3).CopyTo(pixels.AsSpan(to));
            pixels[to + 3] = byte.MaxValue;
        }
        using var image = SKImage.FromPixelCopy(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque), pixels);
        using var png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        AtomicFile.Create(path, temporary =>
        {
            using var file = File.Create(temporary);
            png.SaveTo(file);
        });
    }
}
