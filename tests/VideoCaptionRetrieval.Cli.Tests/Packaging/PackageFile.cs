using System.IO.Compression;
using System.Xml.Linq;

namespace VideoCaptionRetrieval.Cli.Tests.Packaging;

/// <summary>A NuGet package file, open for reading.</summary>
public sealed class PackageFile(string path) : IDisposable
{
    private readonly ZipArchive _archive = ZipFile.OpenRead(path);

    /// <summary>Paths of the entries.</summary>
    public IReadOnlyList<string> Entries => [.. _archive.Entries.Select(entry => entry.FullName)];

    /// <summary>The .nuspec.</summary>
    public XDocument Specification
    {
        get
        {
            using var stream = _archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
            return XDocument.Load(stream);
        }
    }

    /// <summary>Text of an element of the .nuspec, or null.</summary>
    public string? Metadata(string element) => Specification.Descendants().FirstOrDefault(x => x.Name.LocalName == element)?.Value;

    /// <summary>Names of the packages that it depends on.</summary>
    public IReadOnlyList<string> Dependencies =>
        [.. Specification.Descendants().Where(x => x.Name.LocalName == "dependency").Select(x => x.Attribute("id")!.Value)];

    /// <summary>An entry's bytes.</summary>
    public byte[] Read(string entry)
    {
        using var stream = _archive.GetEntry(entry)!.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    public void Dispose() => _archive.Dispose();
}
