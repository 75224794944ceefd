using System.Globalization;
using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Samples.Tests.FileBased;

/// <summary>samples/search.cs, a program of one file, which the SDK builds when it runs it.</summary>
[Collection(SharedSearch.Name)]
public sealed class SearchScriptTests(TrainedSearch search)
{
    [SkippableFact]
    public void Run_VideosAndText_MakesTheIndexAndPrintsTheHits()
    {
        var folder = Path.Combine(search.NewFolder(), "index");

        var result = Run(search.Videos, "a red box", Path.Combine(search.Models, "clip"), folder);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        using var index = VideoIndex.Open(folder);
        Assert.Equal(3, index.Count);
        var expected = index.Search("a red box", top: 5).Select(hit =>
            string.Create(CultureInfo.InvariantCulture, $"{hit.Score:0.00}  {hit.VideoId} @ {TimeSpan.FromSeconds(hit.Time):mm\\:ss}"));
        Assert.Equal(expected, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [SkippableFact]
    public void Run_NoText_SaysHowToCallIt()
    {
        var result = Run(search.Videos);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Usage: dotnet run samples/search.cs -- VIDEOS TEXT [MODEL [INDEX]]", result.Error, StringComparison.Ordinal);
    }

    private static CommandResult Run(params string[] arguments)
    {
        DotnetCommand.SkipWhereAbsent();
        // The libraries are built in the tests' configuration already.
        return DotnetCommand.TryRun("dotnet", ["run", "-c", SampleProgram.Configuration, "samples/search.cs", "--", .. arguments]);
    }
}
