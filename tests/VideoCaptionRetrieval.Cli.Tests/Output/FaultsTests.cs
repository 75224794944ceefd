using System.Reflection;
using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Tests.Output;

public sealed class FaultsTests
{
    [Fact]
    public void Message_NameOfAParameter_IsLeftOut() =>
        Assert.Equal("It is wrong.", Faults.Message(new TargetInvocationException(new AggregateException(new ArgumentException("It is wrong.", "options")))));

    [Fact]
    public void Message_NativeTrace_IsLeftOut()
    {
        var message = Faults.Message(new InvalidOperationException("sizes differ\nException raised from mm at x.cpp:1\nframe #0: here"));
        Assert.Equal("sizes differ", message);
    }
}
