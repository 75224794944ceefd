using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Cli.Tests.Packaging;

/// <summary>The packages of src, packed once into a temporary folder, in the configuration in which these tests were built.</summary>
public sealed class PackedPackages : IDisposable
{
    /// <summary>The library packages' names.</summary>
    public static readonly string[] Libraries =
        ["VideoCaptionRetrieval.Models", "VideoCaptionRetrieval", "VideoCaptionRetrieval.Search", "VideoCaptionRetrieval.Torch"];

    /// <summary>The tool package's name.</summary>
    public const string Tool = "VideoCaptionRetrieval.Cli";

    private readonly Lazy<string> _folder = new(Pack);

    /// <summary>The folder of the packages; packs on the first call, and skips the test where there is no SDK.</summary>
    public string Folder
    {
        get
        {
            DotnetCommand.SkipWhereAbsent();
            return _folder.Value;
        }
    }

    /// <summary>Opens a package; the caller disposes it.</summary>
    public PackageFile Open(string name) => new(Find(name, ".nupkg"));

    /// <summary>The path of a package's file.</summary>
    public string Find(string name, string extension) => Assert.Single(Directory.GetFiles(Folder, name + ".?.?.?" + extension));

    public void Dispose()
    {
        if (_folder.IsValueCreated) Directory.Delete(_folder.Value, recursive: true);
    }

    private static string Pack()
    {
        var folder = Directory.CreateTempSubdirectory("vcr-pack-").FullName;
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        // The libraries are built, because these tests refer to them: one start of the SDK packs them all.
        var libraries = string.Join(';', Libraries.Select(name => Path.Combine(ReferenceFolder.Repository, "src", name, name + ".csproj")));
        var project = Path.Combine(folder, "pack.proj");
        File.WriteAllText(project, $"""
            <Project><Target Name="Pack">
              <MSBuild Projects="{libraries}" Targets="Pack" Properties="NoBuild=true;Configuration={configuration};PackageOutputPath={folder}" />
            </Target></Project>
            """);
        DotnetCommand.Run("msbuild", project, "-t:Pack", "-v:quiet");
        // The tool's package is built apart: it is for every platform.
        DotnetCommand.Run("pack", $"src/{Tool}", "-c", configuration, "-o", folder, "-p:BuildProjectReferences=false", "-v", "quiet");
        return folder;
    }
}
