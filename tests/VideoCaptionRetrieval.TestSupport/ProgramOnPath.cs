using Xunit;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>Programs that tests need and a machine may lack.</summary>
public static class ProgramOnPath
{
    /// <summary>Skips the test where there is no ffmpeg.</summary>
    public static void SkipWithoutFfmpeg() => SkipWithout("ffmpeg", " (apt-get install ffmpeg)");

    /// <summary>Skips the test where a program is not on PATH.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="advice">How to get it, behind the reason.</param>
    public static void SkipWithout(string program, string advice = "") => Skip.IfNot(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))),
        $"{program} is not on PATH{advice}");
}
