using System.Text.Json;

namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>What a run of the tool left behind.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as the one JSON document that it must be.</summary>
    internal JsonElement Json => JsonElement.Parse(Output);

    /// <summary>Names in "skipped".</summary>
    internal string[] Skipped => [.. Json.GetProperty("skipped").EnumerateArray().Select(skipped => skipped.GetProperty("video").GetString()!)];

    /// <summary>Asserts the exit code and shows what the tool said where it is another one.</summary>
    internal ToolResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}\n{Output}\n{Error}");
        return this;
    }

    /// <summary>Asserts a clear error: nothing on standard output, no names of parameters, no stack trace, all of <paramref name="parts"/>.</summary>
    internal void ExpectError(int exitCode, params string[] parts)
    {
        Expect(exitCode);
        Assert.Empty(Output);
        foreach (var part in parts) Assert.Contains(part, Error, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }
}
