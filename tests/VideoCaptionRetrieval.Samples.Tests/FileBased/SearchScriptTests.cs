using System.Globalization;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Samples.Tests.FileBased;

/// <summary>samples/search.cs, a program of one file, which the SDK builds when it runs it.</summary>
[Collection(SharedSearch.Name)]
public sealed class SearchScriptTests(TrainedSearch search)
{
    [SkippableFact]
    public void Run_IndexAndText_PrintsTheHits()
    {
        using var index = VideoIndex.Open(search.Index);

        var result = Run(search.Index, "a red box");

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        var expected = index.Search("a red box", top: 5).Select(hit =>
            string.Create(CultureInfo.InvariantCulture, $"{hit.Score:0.00}  {hit.VideoId} @ {TimeSpan.FromSeconds(hit.Time):mm\\:ss}"));
        Assert.Equal(expected, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [SkippableFact]
    public void Run_NoText_SaysHowToCallIt()
    {
        var result = Run(search.Index);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Usage: dotnet run samples/search.cs -- INDEX TEXT", result.Error, StringComparison.Ordinal);
    }

    private static CommandResult Run(params string[] arguments)
    {
        DotnetCommand.SkipWhereAbsent();
        // The libraries are built in the tests' configuration already.
        return DotnetCommand.TryRun("dotnet", ["run", "-c", SampleProgram.Configuration, "samples/search.cs", "--", .. arguments]);
    }
}
