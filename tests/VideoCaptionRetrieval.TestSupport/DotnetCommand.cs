using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>Runs the .NET SDK, or a program, from a test.</summary>
public static class DotnetCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    /// <summary>Skips the test where there is no SDK.</summary>
    public static void SkipWhereAbsent() => ProgramOnPath.SkipWithout("dotnet");

    /// <summary>Runs 'dotnet' in the repository's root and asserts that it succeeds.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public static string Run(params string[] arguments)
    {
        var result = TryRun("dotnet", arguments, environment: null);
        Assert.True(result.ExitCode == 0, $"'dotnet {string.Join(' ', arguments)}' ended with {result.ExitCode}:\n{result.Output}\n{result.Error}");
        return result.Output;
    }

    /// <summary>Runs a program.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set; an empty text counts as not set.</param>
    /// <param name="folder">Its working directory; null = the repository's root.</param>
    public static CommandResult TryRun(
        string program, string[] arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? ReferenceFolder.Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the SDK that runs these tests sets for itself, another one must not find.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        // Programs installed by the SDK look for the runtime there: .../shared/Microsoft.NETCore.App/VERSION/
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        // Servers that outlive the command would keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'{program} {string.Join(' ', arguments)}' did not end within {Limit}");
        }
        return new(process.ExitCode, output.Result, error.Result);
    }
}
