using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>The system's ffmpeg and ffprobe.</summary>
/// <param name="Ffmpeg">Absolute path of ffmpeg.</param>
/// <param name="Ffprobe">Absolute path of ffprobe.</param>
/// <param name="Version">The version that ffmpeg prints.</param>
/// <param name="HasFrameRateMode">Whether ffmpeg knows -fps_mode (from 5.1); before, the option was called -vsync.</param>
internal sealed partial record FfmpegTools(string Ffmpeg, string Ffprobe, string Version, bool HasFrameRateMode)
{
    private static readonly Version _frameRateModeSince = new(5, 1);

    /// <summary>Versions by program and its time of writing: asking takes a tenth of a second.</summary>
    private static readonly ConcurrentDictionary<(string Program, DateTime Written), string> _versions = [];

    /// <summary>Finds the programs by the options or on PATH.</summary>
    /// <exception cref="FileNotFoundException">One is missing; the message says how to install it.</exception>
    internal static FfmpegTools Find(FfmpegOptions options)
    {
        var ffmpeg = Locate("ffmpeg", options.FfmpegPath, nameof(FfmpegOptions.FfmpegPath));
        var ffprobe = Locate("ffprobe", options.FfprobePath, nameof(FfmpegOptions.FfprobePath));
        var version = _versions.GetOrAdd((ffmpeg, File.GetLastWriteTimeUtc(ffmpeg)), _ => ReadVersion(ffmpeg, options));
        var match = VersionNumber().Match(version);
        // Builds from the development branch carry no number; they are newer.
        var old = match.Success && System.Version.Parse(match.Value) < _frameRateModeSince;
        return new(ffmpeg, ffprobe, version, !old);
    }

    internal static string Locate(string program, string? given, string option)
    {
        if (given is not null)
        {
            if (File.Exists(given)) return Path.GetFullPath(given);
            throw new FileNotFoundException(
                $"'{given}', named by the option {option}, does not exist; expected the {program} program.", given);
        }
        var file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        // Relative entries would let the folder that the caller happens to work in supply the program.
        return folders.Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, file)).FirstOrDefault(IsExecutable)
            ?? throw new FileNotFoundException($"'{program}' was not found on PATH. Install it (Debian, Ubuntu: apt-get install ffmpeg), "
                + $"or name it by the option {option}.", program);
    }

    private static bool IsExecutable(string path) => File.Exists(path) && (OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    private static string ReadVersion(string ffmpeg, FfmpegOptions options)
    {
        using var process = new ToolProcess(ffmpeg, ["-version"], ffmpeg, options.StallTimeout, null, CancellationToken.None);
        var first = "";
        LineReader.Read(process.Read, line => first = first.Length == 0 ? System.Text.Encoding.UTF8.GetString(line) : first);
        process.Finish();
        const string Prefix = "ffmpeg version ";
        return first.StartsWith(Prefix, StringComparison.Ordinal) ? first[Prefix.Length..].Split(' ')[0] : first;
    }

    [GeneratedRegex(@"(?<=^n?)\d{1,4}\.\d{1,4}")]
    private static partial Regex VersionNumber();
}
