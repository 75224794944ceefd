namespace VideoCaptionRetrieval.Cli.Tests.Packaging;

/// <summary>Tests of packages share one packing.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPackages : ICollectionFixture<PackedPackages>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Packages";
}
