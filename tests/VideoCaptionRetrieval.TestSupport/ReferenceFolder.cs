using Xunit;

namespace VideoCaptionRetrieval.TestSupport;

/// <summary>Folders of reference data beside the repository: present for its developers, absent in a stranger's clone.</summary>
public static class ReferenceFolder
{
    /// <summary>Reference fixtures: VCR_FIXTURES, or ../shared/fixtures seen from the repository's root.</summary>
    public static string Fixtures => Locate("VCR_FIXTURES", "../shared/fixtures");

    /// <summary>Real clips and photographs: VCR_MEDIA, or ../shared/media seen from the repository's root.</summary>
    public static string Media => Locate("VCR_MEDIA", "../shared/media");

    /// <summary>Files that earlier versions wrote: VCR_SAVED, or ../shared/saved seen from the repository's root.</summary>
    public static string Saved => Locate("VCR_SAVED", "../shared/saved");

    /// <summary>The repository's root: the folder of the solution file.</summary>
    public static string Repository
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "VideoCaptionRetrieval.sln"))) return folder.FullName;
            throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' holds VideoCaptionRetrieval.sln.");
        }
    }

    /// <summary>Skips the test where <paramref name="folder"/> is absent.</summary>
    public static void SkipWhereAbsent(string folder) => Skip.IfNot(Directory.Exists(folder), $"reference folder '{folder}' is not here");

    private static string Locate(string variable, string relative) =>
        Path.GetFullPath(Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named ? named : relative, Repository);
}
