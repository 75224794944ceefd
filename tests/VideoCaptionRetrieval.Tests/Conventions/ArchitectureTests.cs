using System.Text.Json;
using VideoCaptionRetrieval.TestSupport;
using VideoCaptionRetrieval.TestSupport.Architecture;

namespace VideoCaptionRetrieval.Tests.Conventions;

/// <summary>Holds the structure of the code base: which project, and which folder, may use which.</summary>
public sealed class ArchitectureTests
{
    public static TheoryData<string> Projects => [.. FolderTable.Projects.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_UseThoseOfTheTableAlone(string project)
    {
        var found = FolderTable.Read(project);
        var written = FolderTable.Projects[project];
        Assert.True(found.SequenceEqual(written),
            $"The folders of {project} use others than FolderTable says. Found:\n{string.Join('\n', found.Select(line => $"            \"{line}\","))}\n"
            + $"Not in the table: {string.Join("; ", found.Except(written))}\nOnly in the table: {string.Join("; ", written.Except(found))}");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_NoneUsesItselfThroughOthers(string project)
    {
        var uses = FolderTable.Projects[project].Select(line => line.Split(" -> ")).ToDictionary(parts => parts[0], parts => parts[1].Split(", "));
        while (uses.Where(folder => !folder.Value.Any(uses.ContainsKey)).Select(folder => folder.Key).ToList() is { Count: > 0 } leaves)
            foreach (var leaf in leaves) uses.Remove(leaf);
        Assert.True(uses.Count == 0, $"These folders of {project} use each other in a circle: {string.Join(", ", uses.Keys)}");
    }

    public static TheoryData<string, string[]> ForeignAssemblies => new()
    {
        { "VideoCaptionRetrieval.Models", ["TorchSharp", "Microsoft.ML.Core", "Microsoft.ML.Data", "Microsoft.ML.DataView"] },
        { "VideoCaptionRetrieval", ["TorchSharp", "VideoCaptionRetrieval.Torch"] },
        { "VideoCaptionRetrieval.Search", ["TorchSharp", "VideoCaptionRetrieval.Torch"] },
    };

    [Theory]
    [MemberData(nameof(ForeignAssemblies))]
    public void Project_UsesNothingOf(string project, string[] assemblies) =>
        Assert.DoesNotContain(TypeUses.Read(FolderTable.Assembly(project)), use => assemblies.Contains(use.Assembly));

    [Fact]
    public void Video_KnowsNoMlNet()
    {
        var folders = new SourceFolders("VideoCaptionRetrieval");
        var uses = TypeUses.Read(FolderTable.Assembly("VideoCaptionRetrieval"))
            .Where(use => folders.Of(use.User)?.Split('/')[0] == "Video" && use.Assembly.StartsWith("Microsoft.ML", StringComparison.Ordinal));
        Assert.Empty(uses);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Internals_TestsAndBenchAloneSeeThem(string project) => Assert.All(TypeUses.Friends(FolderTable.Assembly(project)), friend =>
        Assert.True(friend.EndsWith(".Tests", StringComparison.Ordinal) || friend is "VideoCaptionRetrieval.TestSupport" or "VideoCaptionRetrieval.Bench",
            $"'{friend}' sees the internals of {project}; expected a test project, TestSupport or the bench."));

    [Fact]
    public void SearchApp_RestoresWithoutTorchSharp()
    {
        var path = Path.Combine(ReferenceFolder.Repository, "tests", "IndexHost", "obj", "project.assets.json");
        using var assets = JsonDocument.Parse(File.ReadAllBytes(path));
        var packages = assets.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name).ToList();
        Assert.Contains(packages, name => name.StartsWith("VideoCaptionRetrieval.Search/", StringComparison.Ordinal));
        Assert.DoesNotContain(packages, name => name.Contains("torch", StringComparison.OrdinalIgnoreCase));
    }
}
