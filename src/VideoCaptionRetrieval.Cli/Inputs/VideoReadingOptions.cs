using System.CommandLine;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Options of every command that reads videos.</summary>
internal sealed class VideoReadingOptions
{
    private const int GibibyteBits = 30;
    private const string Square = "square", Stored = "stored";

    private readonly Option<string?> _cache = new("--frame-cache")
    {
        Description = "Cache decoded frames in this folder for later epochs and runs; several processes may share it.",
        HelpName = "DIR",
    };

    private readonly Option<int> _cacheSize = CommonOptions.Whole(
        "--frame-cache-gib", "Size limit of the cache in GiB; the least recently used frames are deleted first.",
        (int)(FrameCacheOptions.DefaultMaximumBytes >> GibibyteBits), minimum: 1);

    private readonly Option<string?> _hardware = new("--hardware-decoding")
    {
        Description = "Decode on a graphics card by this method of ffmpeg, such as cuda, vaapi or auto; falls back to the CPU.",
        HelpName = "NAME",
    };

    private readonly Option<string> _pixels = new("--pixel-aspect")
    {
        Description = $"Pixels that are not square, as on DVDs: {Square} shows frames as a player does, {Stored} takes them as they are stored.",
        DefaultValueFactory = _ => Square,
    };

    private readonly Option<int?> _parallel = new("--parallel-videos")
    {
        Description = $"Videos decoded at once; default the number of processors, at most {FrameSamplerOptions.MaxParallelVideos}.",
        HelpName = "N",
    };

    internal VideoReadingOptions()
    {
        _pixels.AcceptOnlyFromAmong(Square, Stored);
        _parallel.Validators.Add(Validators.AtLeast(1));
    }

    /// <param name="command">The command that takes them.</param>
    /// <param name="several">Whether it reads more than one video.</param>
    internal void AddTo(Command command, bool several)
    {
        foreach (var option in new Option[] { _cache, _cacheSize, _hardware, _pixels }) command.Options.Add(option);
        if (several) command.Options.Add(_parallel);
    }

    internal VideoReading Read(ParseResult parsed) => new(
        new()
        {
            HardwareDecoding = parsed.GetValue(_hardware),
            PixelAspect = parsed.GetValue(_pixels) == Stored ? PixelAspect.Stored : PixelAspect.Square,
        },
        parsed.GetValue(_cache) is { } folder ? new() { Folder = folder, MaximumBytes = (long)parsed.GetValue(_cacheSize) << GibibyteBits } : null,
        parsed.GetValue(_parallel));
}
