namespace VideoCaptionRetrieval.Cli.Tests;

/// <summary>Tests that run the tool: one after the other, because each uses all processors, and with the same clips and models.</summary>
[CollectionDefinition(Name)]
public sealed class ToolTests : ICollectionFixture<Assets>
{
    internal const string Name = "tool";
}
