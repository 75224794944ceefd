using SkiaSharp;
using VideoCaptionRetrieval.Search.Sheets;

namespace VideoCaptionRetrieval.Search.Tests.Sheets;

public sealed class SheetTextTests
{
    private const float OnePixel = 9;

    private static readonly string[] Printable = [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => $"{(char)code}")];

    [Fact]
    public void GlyphText_Letter_PixelsOfTheLetter()
    {
        using var text = new GlyphText();

        Assert.Equal(["#....", "#....", "#....", "#....", "#....", "#....", "#####", "....."], Draw(text, "L", OnePixel));
        Assert.Equal([".....", ".....", "####.", "#...#", "#...#", "####.", "#....", "#...."], Draw(text, "p", OnePixel));
    }

    [Fact]
    public void GlyphText_PrintableCharacters_AllDifferAndOthersAreBoxes()
    {
        using var text = new GlyphText();
        var drawn = Printable.Select(letter => string.Concat(Draw(text, letter, OnePixel))).ToList();
        var box = string.Concat(Draw(text, "é", OnePixel));

        Assert.Equal(Printable.Length + 1, drawn.Append(box).Distinct().Count());
        Assert.Equal(box, string.Concat(Draw(text, "\U0001F600", OnePixel)));
        Assert.Equal(box, string.Concat(Draw(text, "\u007f", OnePixel)));
    }

    [Theory]
    [InlineData("", 9, 0)]
    [InlineData("ab", 9, 12)]
    [InlineData("ab", 18, 24)]
    [InlineData("a\U0001F600", 9, 12)]
    [InlineData("ab", 1, 12)]
    public void GlyphText_Width_OfWholePixels(string line, float size, float expected)
    {
        using var text = new GlyphText();

        Assert.Equal(expected, text.Width(line, size, bold: false));
    }

    [SkippableFact]
    public void TypefaceText_FontOfTheSystem_DrawsLettersThatDiffer()
    {
        using var text = TypefaceText.Find();
        Skip.If(text is null, "there is no font on this system");

        var drawn = Printable.Select(letter => string.Concat(Draw(text, letter, 20, width: 30, height: 30, baseLine: 22))).ToList();

        Assert.Equal(Printable.Length, drawn.Distinct().Count());
        Assert.True(text.Width("wide", 20, bold: true) > text.Width("wide", 20, bold: false));
        Assert.Equal(2 * text.Width("wide", 20, bold: false), text.Width("wide", 40, bold: false), 0.5f);
    }

    private static List<string> Draw(ISheetText text, string line, float size, int width = 5, int height = 8, int baseLine = 7)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Clear(SKColors.White);
        text.Draw(surface.Canvas, line, new(0, baseLine), size, bold: false, SKColors.Black);
        using var image = surface.Snapshot();
        using var pixels = SKBitmap.FromImage(image);
        return [.. Enumerable.Range(0, height).Select(y =>
            string.Concat(Enumerable.Range(0, width).Select(x => pixels.GetPixel(x, y).Red < 128 ? '#' : '.')))];
    }
}
