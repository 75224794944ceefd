using VideoCaptionRetrieval.TestSupport;

namespace VideoCaptionRetrieval.Tests.Conventions;

public sealed class TensorArithmeticTests
{
    [Fact]
    public void Rule_TheseTests_KeepIt() => Assert.Empty(new ScalarUses().Unsafe(typeof(TensorArithmeticTests).Assembly.Location));
}
