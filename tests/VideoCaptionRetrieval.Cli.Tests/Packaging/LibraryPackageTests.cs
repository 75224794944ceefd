namespace VideoCaptionRetrieval.Cli.Tests.Packaging;

/// <summary>What the library packages hold, and what they ask for.</summary>
[Collection(SharedPackages.Name)]
public sealed class LibraryPackageTests(PackedPackages packages)
{
    // They bring native libraries of one platform or device: the application's choice.
    private static readonly string[] NativeBackends = ["libtorch-", "TorchSharp-", "Microsoft.ML.OnnxRuntime"];

    [SkippableFact]
    public void Package_OfEachLibrary_HoldsItsAssemblyDocumentationReadmeAndLicence()
    {
        foreach (var library in PackedPackages.Libraries)
        {
            using var package = packages.Open(library);

            Assert.Equal([$"lib/net10.0/{library}.dll", $"lib/net10.0/{library}.xml"], package.Entries.Where(x => x.StartsWith("lib/", StringComparison.Ordinal)).Order());
            Assert.DoesNotContain(package.Entries, entry => entry.StartsWith("runtimes/", StringComparison.Ordinal));
            Assert.Contains("README.md", package.Entries);
            Assert.Equal("README.md", package.Metadata("readme"));
            Assert.Equal("MIT", package.Metadata("license"));
            Assert.False(string.IsNullOrWhiteSpace(package.Metadata("description")));
            Assert.DoesNotContain(package.Specification.Descendants(), x => x.Name.LocalName == "repository" && x.Attribute("url") is not null);
        }
    }

    [SkippableFact]
    public void SymbolPackage_OfEachLibrary_HoldsItsSymbols()
    {
        foreach (var library in PackedPackages.Libraries)
        {
            using var symbols = new PackageFile(packages.Find(library, ".snupkg"));

            Assert.Contains($"lib/net10.0/{library}.pdb", symbols.Entries);
        }
    }

    [SkippableFact]
    public void Dependencies_OfEachLibrary_LeaveTheNativeBackendToTheApplication()
    {
        foreach (var library in PackedPackages.Libraries)
        {
            using var package = packages.Open(library);

            Assert.NotEmpty(package.Dependencies);
            Assert.DoesNotContain(package.Dependencies, dependency => dependency == "Publicizer"
                || NativeBackends.Any(name => dependency.StartsWith(name, StringComparison.OrdinalIgnoreCase) && !dependency.EndsWith(".Managed", StringComparison.Ordinal)));
        }
        using var models = packages.Open("VideoCaptionRetrieval.Models");
        using var torch = packages.Open("VideoCaptionRetrieval.Torch");
        Assert.DoesNotContain("TorchSharp", models.Dependencies);
        Assert.Contains("TorchSharp", torch.Dependencies);
    }
}
