using VideoCaptionRetrieval.Cli.Output;

namespace VideoCaptionRetrieval.Cli.Tests.Output;

public sealed class CommandContextTests
{
    [Fact]
    public void Print_NumbersThatJsonLacks_AreNull()
    {
        using var output = new StringWriter();
        using var context = new CommandContext(output, TextWriter.Null, CancellationToken.None) { Json = true };
        context.Print(new { a = double.NaN, b = 0.1, c = (double?)null, d = new[] { float.NegativeInfinity, 0.5f }, e = (object)double.PositiveInfinity }, ["for people"]);
        Assert.Equal("""{"a":null,"b":0.1,"c":null,"d":[null,0.5],"e":null}""", output.ToString().TrimEnd());
    }

    [Theory]
    [InlineData(2, 0, false, 0)]
    [InlineData(2, 1, false, 0)]
    [InlineData(2, 1, true, 1)]
    [InlineData(2, 0, true, 0)]
    [InlineData(0, 0, false, 1)]
    [InlineData(0, 2, false, 1)]
    public void Finish_DoneSkippedStrict_ExitCode(int done, int skipped, bool strict, int expected)
    {
        using var error = new StringWriter();
        using var context = new CommandContext(TextWriter.Null, error, CancellationToken.None) { Strict = strict };
        for (var i = 0; i < skipped; i++) context.Skip(new($"{i}.mp4", "is broken"));
        Assert.Equal(expected, context.Finish(done));
        Assert.Equal(skipped, error.ToString().Split("is broken").Length - 1);
    }
}
