using System.Reflection;
using VideoCaptionRetrieval.TestSupport.PublicApi;

namespace VideoCaptionRetrieval.Tests.PublicApi;

[Trait("Category", "PublicApi")]
public sealed class PublicApiTests
{
    private static readonly Assembly Library = Assembly.Load("VideoCaptionRetrieval");

    [Fact]
    public void PublicMembers_Now_AreThoseApproved() => ApprovedApi.AssertUnchanged(Library);

    [Fact]
    public void PublicSignatures_OfEveryType_NameNoInternalMlNetType() => InternalMlNetTypes.AssertNoneIn(Library);
}
