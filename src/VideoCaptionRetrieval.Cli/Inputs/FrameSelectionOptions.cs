using System.CommandLine;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Which frames of which part of a video; by default one from the middle of each of N equal segments.</summary>
internal sealed class FrameSelectionOptions
{
    private readonly Option<double?> _every = new("--every") { Description = "One frame every SECONDS seconds.", HelpName = "SECONDS" };

    private readonly Option<double[]?> _at = new("--at")
    {
        Description = "The frames on screen at these times, in seconds from the beginning of the part.",
        HelpName = "SECONDS...",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _keyFrames = new("--key-frames") { Description = "The key frames." };

    private readonly Option<double?> _start = new("--start") { Description = "Start of the part of the video, in seconds.", HelpName = "SECONDS" };

    private readonly Option<double?> _end = new("--end") { Description = "End of the part of the video, in seconds.", HelpName = "SECONDS" };

    internal void AddTo(Command command)
    {
        foreach (var option in new Option[] { _every, _at, _keyFrames, _start, _end }) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (new Option[] { _every, _at, _keyFrames }.Count(option => result.GetResult(option) is { Implicit: false }) > 1)
                result.AddError("Give one of --every, --at and --key-frames.");
        });
    }

    /// <summary>The part of a video.</summary>
    internal VideoClip Clip(ParseResult parsed, string video) =>
        new(video, video, parsed.GetValue(_start) ?? double.NaN, parsed.GetValue(_end) ?? double.NaN);

    /// <param name="parsed">The command line.</param>
    /// <param name="count">What was given for the number of frames; null = all that the options name.</param>
    /// <param name="standard">The number of frames where the options name none.</param>
    /// <param name="format">What they look like.</param>
    /// <exception cref="UsageException">A number makes no sense.</exception>
    internal FrameRequest Read(ParseResult parsed, int? count, int standard, FrameFormat format)
    {
        try
        {
            var selection = parsed.GetValue(_every) is { } seconds ? FrameSelection.Every(seconds)
                : parsed.GetValue(_at) is { Length: > 0 } times ? FrameSelection.At(times)
                : parsed.GetValue(_keyFrames) ? FrameSelection.KeyFrames : null;
            return new(selection is null ? count ?? standard : count, format) { Selection = selection ?? FrameSelection.SegmentMiddles };
        }
        catch (ArgumentException e)
        {
            throw new UsageException(Faults.Message(e));
        }
    }
}
