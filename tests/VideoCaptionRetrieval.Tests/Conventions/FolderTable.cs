using VideoCaptionRetrieval.TestSupport.Architecture;

namespace VideoCaptionRetrieval.Tests.Conventions;

/// <summary>The allowed directions between the folders of each project: a folder, and all those that it uses.</summary>
internal static class FolderTable
{
    internal static readonly IReadOnlyDictionary<string, string[]> Projects = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["VideoCaptionRetrieval.Models"] =
        [
        ],
        ["VideoCaptionRetrieval"] =
        [
        ],
        ["VideoCaptionRetrieval.Torch"] =
        [
        ],
        ["VideoCaptionRetrieval.Search"] =
        [
        ],
        ["VideoCaptionRetrieval.Experiments"] =
        [
        ],
    };

    /// <summary>The compiled project, which lies beside the tests.</summary>
    internal static string Assembly(string project) => Path.Combine(AppContext.BaseDirectory, $"{project}.dll");

    /// <summary>The lines of a project as they should be.</summary>
    internal static IReadOnlyList<string> Read(string project)
    {
        var folders = new SourceFolders(project);
        return [.. TypeUses.Read(Assembly(project)).Where(use => use.Assembly == project)
            .Select(use => (User: folders.Of(use.User), Used: folders.Of(use.Used)))
            .Where(use => use.User is not null && use.Used is not null && use.User != use.Used)
            .Distinct().GroupBy(use => use.User!, use => use.Used!).OrderBy(folder => folder.Key, StringComparer.Ordinal)
            .Select(folder => $"{folder.Key} -> {string.Join(", ", folder.Order(StringComparer.Ordinal))}")];
    }
}
