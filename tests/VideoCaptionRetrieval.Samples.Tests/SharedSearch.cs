namespace VideoCaptionRetrieval.Samples.Tests;

/// <summary>Tests of samples share one training, and run one after the other, because each uses all processors.</summary>
[CollectionDefinition(Name)]
public sealed class SharedSearch : ICollectionFixture<TrainedSearch>
{
    internal const string Name = "samples";
}
