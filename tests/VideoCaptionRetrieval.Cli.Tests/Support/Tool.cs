namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>Runs the tool in this process.</summary>
internal static class Tool
{
    internal static async Task<ToolResult> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var exitCode = await CommandLineApp.RunAsync(arguments, output, error);
        return new(exitCode, output.ToString(), error.ToString());
    }
}
