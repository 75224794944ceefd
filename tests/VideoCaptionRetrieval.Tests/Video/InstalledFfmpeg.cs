using System.Diagnostics;

namespace VideoCaptionRetrieval.Tests.Video;

/// <summary>The ffmpeg of this machine, for tests: makes clips, and decodes them in ways that the library does not use.</summary>
internal static class InstalledFfmpeg
{
    /// <summary>The filter that the frame rule names, in one string of its own.</summary>
    internal const string FullSizeRgb = "scale=flags=accurate_rnd+full_chroma_int+full_chroma_inp,format=rgb24";

    private static readonly Lazy<bool> _present = new(() =>
    {
        try
        {
            return new[] { "ffmpeg", "ffprobe" }.All(program => Run(program, ["-version"]).Length > 0);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    internal static bool Present => _present.Value;

    internal static void SkipWhereAbsent() => Skip.IfNot(Present, "ffmpeg and ffprobe are not on PATH (apt-get install ffmpeg)");

    /// <summary>Makes a clip with ffmpeg's test sources.</summary>
    internal static string Make(string path, params string[] arguments)
    {
        Run("ffmpeg", ["-loglevel", "error", "-nostdin", "-y", .. arguments, "file:" + path]);
        return path;
    }

    /// <summary>Makes a clip of two seconds, 20 frames, from one of ffmpeg's test sources.</summary>
    internal static string MakeClip(string path, string source) =>
        Make(path, "-f", "lavfi", "-i", $"{source}=size=96x64:rate=10", "-t", "2", "-pix_fmt", "yuv420p");

    /// <summary>Makes an ffmpeg that neither reads nor writes: a closed pipe would not end it.</summary>
    internal static string MakeHung(string folder)
    {
        var path = Path.Combine(folder, "hung-ffmpeg");
        File.WriteAllText(path, "#!/bin/sh\n[ \"$1\" = -version ] && exec ffmpeg -version\nexec sleep 600\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }

    internal static string Run(string program, IEnumerable<string> arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    internal static Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
}
