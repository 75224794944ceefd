using System.Diagnostics;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.Interop;

/// <summary>Runs tests/ModelHost, a program that names no type of the library.</summary>
internal static class ModelHostProcess
{
    private const int LimitMilliseconds = 120_000;

    /// <summary>Loads a saved model in another process and reads a column of videos.</summary>
    /// <returns>The lines of its output.</returns>
    internal static IReadOnlyList<string> Read(string model, string column, params string[] videos)
    {
        // Same configuration as the tests: .../bin/CONFIGURATION/net10.0/
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        var host = Path.Combine(ReferenceFolder.Repository, "tests", "ModelHost", "bin", configuration, "net10.0", "ModelHost.dll");
        Assert.True(File.Exists(host), $"'{host}' is not built");
        var start = new ProcessStartInfo("dotnet", [host, model, column, .. videos]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        Assert.True(process.WaitForExit(LimitMilliseconds), "ModelHost does not end");
        Assert.True(process.ExitCode == 0, $"ModelHost ended with {process.ExitCode}: {error.Result}");
        return output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
