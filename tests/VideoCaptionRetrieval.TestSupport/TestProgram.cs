using System.Diagnostics;
using Xunit;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>Runs a program of the tests folder in a process of its own.</summary>
public static class TestProgram
{
    /// <summary>Runs tests/NAME to its end and asserts that it succeeds.</summary>
    /// <returns>The lines of its output.</returns>
    public static IReadOnlyList<string> Run(string name, params IEnumerable<string> arguments)
    {
        var program = Path.Combine(Folder(name), name + ".dll");
        Assert.True(File.Exists(program), $"'{program}' is not built");
        return DotnetCommand.Run([program, .. arguments])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Starts tests/NAME, whose output nobody reads; the caller waits for it, or kills it, and disposes it.</summary>
    public static Process Start(string name, params IEnumerable<string> arguments)
    {
        var program = Path.Combine(Folder(name), name + ".dll");
        Assert.True(File.Exists(program), $"'{program}' is not built");
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>The output folder of tests/NAME.</summary>
    public static string Folder(string name)
    {
        // Same configuration as the tests: .../bin/CONFIGURATION/net10.0/
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        return Path.Combine(ReferenceFolder.Repository, "tests", name, "bin", configuration, "net10.0");
    }
}
