using VideoCaptionRetrieval.Search.Sheets;

namespace VideoCaptionRetrieval.Search.Tests.Sheets;

public sealed class SheetLineTests
{
    [Theory]
    [InlineData("short", 5, false, "short")]
    [InlineData("a longer text", 8, false, "a lon...")]
    [InlineData("a longer text", 5, false, "a...")]
    [InlineData("folder/below/here", 9, true, "...w/here")]
    [InlineData("two\nlines\tof text", 17, false, "two lines of text")]
    [InlineData("", 5, false, "")]
    [InlineData("no room", 1, false, "...")]
    public void Fit_Text_LongestPartThatFits(string text, float width, bool keepEnd, string expected) =>
        Assert.Equal(expected, SheetLine.Fit(text, width, part => part.Length, keepEnd));

    [Fact]
    public void Fit_SymbolsOfTwoCharacters_AreNeverCutInHalves()
    {
        var text = string.Concat(Enumerable.Repeat("\U0001F600", 10));

        foreach (var width in Enumerable.Range(3, 17))
        {
            Assert.DoesNotContain('\uFFFD', string.Concat(SheetLine.Fit(text, width, part => part.Length).EnumerateRunes()));
            Assert.DoesNotContain('\uFFFD', string.Concat(SheetLine.Fit(text, width, part => part.Length, keepEnd: true).EnumerateRunes()));
        }
    }
}
