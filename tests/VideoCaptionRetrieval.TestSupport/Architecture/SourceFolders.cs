using System.Text.RegularExpressions;

namespace VideoCaptionRetrieval.TestSupport.Architecture;

/// <summary>Says in which folder of a project a type is declared; what public types are called says nothing about it.</summary>
public sealed partial class SourceFolders
{
    /// <summary>What stands for a project's own folder.</summary>
    public const string Root = ".";

    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    /// <summary>Reads the sources of a project.</summary>
    /// <param name="project">Its folder below src/.</param>
    public SourceFolders(string project)
    {
        var root = Path.Combine(ReferenceFolder.Repository, "src", project);
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/');
            if (folder.Split('/') is ["bin" or "obj", ..]) continue;
            var text = File.ReadAllText(file);
            var space = Namespace().Match(text).Groups["name"].Value;
            foreach (Match type in Declaration().Matches(text)) _folders[$"{space}.{type.Groups["name"].Value}"] = folder;
        }
    }

    /// <summary>All folders that declare types.</summary>
    public IReadOnlySet<string> All => _folders.Values.ToHashSet(StringComparer.Ordinal);

    /// <summary>The folder of a type; null where the sources do not declare it (the compiler made it, or a generator).</summary>
    /// <param name="fullName">Namespace and name of a type that is not nested, without arity.</param>
    public string? Of(string fullName) => _folders.GetValueOrDefault(fullName);

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(public|internal|file)[\w ]*? (class|struct|interface|enum|record|record struct|delegate [\w.<>\[\]?]+) (?<name>[A-Z]\w*)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();
}
