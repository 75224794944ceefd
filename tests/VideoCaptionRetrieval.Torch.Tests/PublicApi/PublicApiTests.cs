using System.Reflection;
using VideoCaptionRetrieval.TestSupport.PublicApi;

namespace VideoCaptionRetrieval.Torch.Tests.PublicApi;

[Trait("Category", "PublicApi")]
public sealed class PublicApiTests
{
    private static readonly Assembly Library = Assembly.Load("VideoCaptionRetrieval.Torch");

    [Fact]
    public void PublicMembers_Now_AreThoseApproved() => ApprovedApi.AssertUnchanged(Library);

    [Fact]
    public void PublicSignatures_OfEveryType_NameNoInternalMlNetType() => InternalMlNetTypes.AssertNoneIn(Library);
}
