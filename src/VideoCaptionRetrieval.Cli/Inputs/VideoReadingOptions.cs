using System.CommandLine;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>Options of every command that reads videos.</summary>
internal sealed class VideoReadingOptions
{
    private const int GibibyteBits = 30;

    private readonly Option<string?> _cache = new("--frame-cache")
    {
        Description = "Keep the frames in this folder, so that no later run or epoch decodes them again; several processes may share it.",
        HelpName = "DIR",
    };

    private readonly Option<int> _cacheSize = CommonOptions.Whole(
        "--frame-cache-gib", "GiB that the folder may hold; the frames that were not used for longest go.",
        (int)(FrameCacheOptions.DefaultMaximumBytes >> GibibyteBits), minimum: 1);

    private readonly Option<string?> _hardware = new("--hardware-decoding")
    {
        Description = "Decode on a graphics card by this way of ffmpeg's, such as cuda, vaapi or auto; where it does not work, the processor decodes.",
        HelpName = "NAME",
    };

    private readonly Option<int?> _parallel = new("--parallel-videos")
    {
        Description = $"Videos that are decoded at once; by default as many as there are processors, at most {FrameSamplerOptions.MaxParallelVideos}.",
        HelpName = "N",
    };

    internal VideoReadingOptions() => _parallel.Validators.Add(Validators.AtLeast(1));

    /// <param name="command">The command that takes them.</param>
    /// <param name="several">Whether it reads more than one video.</param>
    internal void AddTo(Command command, bool several)
    {
        foreach (var option in new Option[] { _cache, _cacheSize, _hardware }) command.Options.Add(option);
        if (several) command.Options.Add(_parallel);
    }

    internal VideoReading Read(ParseResult parsed) => new(
        new() { HardwareDecoding = parsed.GetValue(_hardware) },
        parsed.GetValue(_cache) is { } folder ? new() { Folder = folder, MaximumBytes = (long)parsed.GetValue(_cacheSize) << GibibyteBits } : null,
        parsed.GetValue(_parallel));
}
