using System.Diagnostics;
using Xunit;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>Runs a program of the tests folder in a process of its own.</summary>
public static class TestProgram
{
    private const int LimitMilliseconds = 120_000;

    /// <summary>Runs tests/NAME to its end.</summary>
    /// <returns>The lines of its output.</returns>
    public static IReadOnlyList<string> Run(string name, params IEnumerable<string> arguments)
    {
        // Same configuration as the tests: .../bin/CONFIGURATION/net10.0/
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        var program = Path.Combine(ReferenceFolder.Repository, "tests", name, "bin", configuration, "net10.0", name + ".dll");
        Assert.True(File.Exists(program), $"'{program}' is not built");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        Assert.True(process.WaitForExit(LimitMilliseconds), $"{name} does not end");
        Assert.True(process.ExitCode == 0, $"{name} ended with {process.ExitCode}: {error.Result}");
        return output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
