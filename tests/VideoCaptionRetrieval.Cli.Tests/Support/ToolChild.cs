using System.Diagnostics;

namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>The tool as a process of its own.</summary>
internal sealed class ToolChild : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output, _error;

    /// <param name="folder">The working directory.</param>
    /// <param name="arguments">Arguments of the tool.</param>
    /// <param name="path">PATH of the process; null = that of this one.</param>
    /// <param name="environment">More variables of the process.</param>
    internal ToolChild(string folder, string[] arguments, string? path = null, params (string Name, string Value)[] environment)
    {
        var dotnet = Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
        string[] command = [dotnet, typeof(CommandLineApp).Assembly.Location, .. arguments];
        // A shell that starts tests in the background makes them ignore SIGINT, and children inherit that.
        if (OperatingSystem.IsLinux()) command = ["/usr/bin/env", "--default-signal=INT", .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (path is not null) start.Environment["PATH"] = path;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        (_output, _error) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
    }

    internal bool HasExited => _process.HasExited;

    internal static async Task<ToolResult> RunAsync(string folder, string[] arguments, string? path = null)
    {
        using var child = new ToolChild(folder, arguments, path);
        return await child.FinishAsync();
    }

    /// <summary>What Ctrl-C sends.</summary>
    internal void Interrupt()
    {
        using var kill = Process.Start("/bin/kill", ["-INT", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Ends the process without giving it a chance to clean up.</summary>
    internal void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    internal async Task<ToolResult> FinishAsync()
    {
        await _process.WaitForExitAsync();
        return new(_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
