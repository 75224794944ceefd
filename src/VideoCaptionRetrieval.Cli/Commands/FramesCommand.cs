using System.CommandLine;
using SkiaSharp;
using VideoCaptionRetrieval.Cli.Inputs;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Search.Sheets;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Cli.Commands;

/// <summary>vcr frames VIDEO: the frames that a model would see, as PNG files.</summary>
internal static class FramesCommand
{
    private const int DefaultSize = 224;

    private static readonly Dictionary<string, FrameFit> _fits = new()
    {
        ["center-crop"] = FrameFit.CenterCrop,
        ["stretch"] = FrameFit.Stretch,
        ["pad"] = FrameFit.Pad,
        ["shortest-edge"] = FrameFit.ShortestEdge,
    };

    internal static Command Create(CommandHost host)
    {
        var video = new Argument<string>("VIDEO") { Description = "A video file." };
        var count = CommonOptions.Frames("--count");
        var selection = new FrameSelectionOptions();
        var clip = new ModelOption("--clip", "Take size and crop rule of this model's frames.");
        var size = new Option<int?>("--size") { Description = $"Width and height in pixels; by default the model's, else {DefaultSize}.", HelpName = "PIXELS" };
        size.Validators.Add(Validators.AtLeast(1));
        var fit = new Option<string?>("--fit")
        {
            Description = "How a frame becomes a square, by default the model's way, else center-crop; shortest-edge cuts and adds nothing, so that frames are no squares.",
        };
        fit.AcceptOnlyFromAmong([.. _fits.Keys]);
        var folder = CommonOptions.Output("The folder for the PNG files; created if it does not exist.", "DIR");
        var command = new Command("frames", "Write the frames of a video that a model would see as PNG files.") { video, folder, count, clip, size, fit };
        selection.AddTo(command);
        return host.HandleVideos(command, (parsed, context) =>
        {
            var (format, saved) = Format(context, parsed.GetValue(clip), parsed.GetValue(size), parsed.GetValue(fit));
            var request = selection.Read(parsed, parsed.GetValue(count), saved ?? FrameColumn.DefaultCount, format);
            return Run(context, selection.Clip(parsed, parsed.GetRequiredValue(video)), request, parsed.GetRequiredValue(folder));
        }, several: false);
    }

    private static (FrameFormat Format, int? SavedCount) Format(CommandContext context, string? clip, int? size, string? fit)
    {
        var model = clip is null ? null : ModelReference.Describe(context.CreateMLContext(), clip);
        var format = model?.Format ?? new FrameFormat(DefaultSize);
        if (size is not null) format = format with { Size = size.Value };
        if (fit is not null) format = format with { Fit = _fits[fit] };
        return (format, model?.FrameCount);
    }

    private static int Run(CommandContext context, VideoClip clip, FrameRequest request, string folder)
    {
        var sampled = context.CreateFrameReader().Read(clip, [request], context.Cancellation);
        Directory.CreateDirectory(folder);
        var (frames, times, sizes) = (sampled.Frames[0], sampled.Times[0], sampled.Sizes[0]);
        var files = new string[times.Length];
        for (int index = 0, at = 0; index < files.Length; index++)
        {
            files[index] = Path.Combine(folder, $"{index:0000}.png");
            var bytes = 3 * sizes[index].Width * sizes[index].Height;
            WritePng(files[index], frames.AsSpan(at, bytes), sizes[index]);
            at += bytes;
        }
        context.Print(
            new
            {
                path = clip.Path,
                duration = sampled.Duration,
                frames = files.Select((file, index) =>
                new { index, time = times[index], file })
            },
            files.Select((file, index) => $"{Timestamp.Format(times[index])}  {file}"));
        return ExitCode.Done;
    }

    private static void WritePng(string path, ReadOnlySpan<byte> rgb, FrameSize size)
    {
        using var image = SkiaPicture.Create(rgb, size.Width, size.Height);
        using var png = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        AtomicFile.Create(path, temporary =>
        {
            using var file = File.Create(temporary);
            png.SaveTo(file);
        });
    }
}
