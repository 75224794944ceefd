using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Spectre.Console;
using VideoCaptionRetrieval.Video.Reading;

namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>Where a command writes, and how it ends.</summary>
internal sealed class CommandContext(TextWriter output, TextWriter error, CancellationToken cancellation) : IDisposable
{
    internal static readonly JsonSerializerOptions JsonStyle = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new FiniteNumbers<double>((writer, value) => writer.WriteNumberValue(value)),
            new FiniteNumbers<float>((writer, value) => writer.WriteNumberValue(value)),
        },
    };

    private readonly List<SkippedVideo> _skipped = [];
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private readonly HashSet<string> _skippedNames = new(StringComparer.Ordinal);

    internal bool Json { get; init; }
    internal bool Strict { get; init; }
    internal bool Verbose { get; init; }
    internal int? Gpu { get; init; }
    internal VideoReading Videos { get; init; } = new(new FfmpegOptions(), Cache: null, ParallelVideos: null);
    internal CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Text for people, on stderr: progress, warnings, reports.</summary>
    internal IAnsiConsole Console { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });

    /// <summary>Whether progress bars can be drawn: stderr is a person's terminal, and nothing else is written there meanwhile.</summary>
    internal bool ShowsBars => !Verbose && Console.Profile.Capabilities.Interactive && Console.Profile.Out.IsTerminal;

    /// <summary>What was left out so far, in the order in which it was met.</summary>
    internal IReadOnlyList<SkippedVideo> Skipped => _skipped;

    /// <summary>The same objects as JSON: [{"video","reason"}].</summary>
    internal IEnumerable<object> SkippedJson => _skipped.Select(skipped => new { video = skipped.VideoId, reason = skipped.Reason });

    /// <summary>An ML.NET context for this command; its warnings go to stderr, under --verbose all its messages.</summary>
    internal MLContext CreateMLContext(int? seed = null)
    {
        var context = new MLContext(seed) { GpuDeviceId = Gpu, FallbackToCpu = false };
        context.Log += (_, message) =>
        {
            if (Verbose) Report($"{message.Kind} {message.Source}: {message.RawMessage}");
            else if (message.Kind is ChannelMessageKind.Warning or ChannelMessageKind.Error) Warn(message.RawMessage);
        };
        return context;
    }

    /// <summary>Prints a warning of the library, from any thread, once.</summary>
    private void Warn(string message)
    {
        lock (_warned)
        {
            if (!_warned.Add(message)) return;
            if (ShowsBars) Console.WriteLine($"Warning: {message}");
            else Report($"Warning: {message}");
        }
    }

    /// <summary>Reads frames by the options of the command.</summary>
    internal VideoFrameReader CreateFrameReader() => new(Videos.Ffmpeg, Warn, Videos.Cache);

    /// <summary>Prints a line for people on stderr.</summary>
    internal void Report(string line) => error.WriteLine(line);

    internal void Skip(SkippedVideo video)
    {
        if (_skippedNames.Add(video.VideoId)) _skipped.Add(video);
    }

    /// <summary>The clips of a list that were not skipped.</summary>
    internal IEnumerable<VideoClip> Done(IEnumerable<VideoClip> clips) => clips.Where(clip => !_skippedNames.Contains(clip.VideoId));

    /// <summary>Prints the result: <paramref name="json"/> as one document, or the lines for people.</summary>
    internal void Print(object json, IEnumerable<string> lines)
    {
        if (Json) output.WriteLine(JsonSerializer.Serialize(json, JsonStyle));
        else foreach (var line in lines) output.WriteLine(line);
    }

    /// <summary>Lists what was skipped and gives the exit code.</summary>
    /// <param name="done">The number of items, mostly videos, that were done.</param>
    internal int Finish(int done)
    {
        foreach (var video in _skipped) error.WriteLine($"skipped {video.VideoId}: {video.Reason}");
        if (_skipped.Count > 0) error.WriteLine($"{done} done, {_skipped.Count} skipped.");
        return done == 0 || (Strict && _skipped.Count > 0) ? ExitCode.Failed : ExitCode.Done;
    }

    public void Dispose() => output.Flush();
}

/// <summary>How a command reads videos.</summary>
/// <param name="Ffmpeg">ffmpeg's part.</param>
/// <param name="Cache">Where frames are kept; null = nowhere.</param>
/// <param name="ParallelVideos">Videos that are decoded at once; null = as many as the machine has processors.</param>
internal sealed record VideoReading(FfmpegOptions Ffmpeg, FrameCacheOptions? Cache, int? ParallelVideos);

/// <summary>Writes numbers to JSON, which has no NaN and no infinity: both are null there.</summary>
/// <param name="write">Writes a finite number.</param>
internal sealed class FiniteNumbers<T>(Action<Utf8JsonWriter, T> write) : JsonConverter<T> where T : struct, IFloatingPointIeee754<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Results are written, never read.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (T.IsFinite(value)) write(writer, value);
        else writer.WriteNullValue();
    }
}
