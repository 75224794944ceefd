using SkiaSharp;

namespace VideoCaptionRetrieval.Search.Sheets;

/// <summary>Measures and draws lines of text.</summary>
internal interface ISheetText : IDisposable
{
    /// <summary>Width of a line in pixels.</summary>
    float Width(string text, float size, bool bold);

    /// <summary>Draws a line.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="text">The line.</param>
    /// <param name="place">Its left end, on the base line.</param>
    /// <param name="size">Height of the letters, with room for descenders, in pixels.</param>
    /// <param name="bold">Whether strokes are thick.</param>
    /// <param name="colour">Of the letters.</param>
    void Draw(SKCanvas canvas, string text, SKPoint place, float size, bool bold, SKColor colour);
}

/// <summary>Text in a typeface of the system.</summary>
internal sealed class TypefaceText : ISheetText
{
    /// <summary>Plain sans-serif families of Linux, Windows and macOS: what a system gives by default may be a symbol font.</summary>
    private static readonly string[] Families =
        ["DejaVu Sans", "Noto Sans", "Liberation Sans", "Segoe UI", "Helvetica Neue", "Arial", "FreeSans", "TeX Gyre Heros"];

    private readonly SKTypeface _plain, _bold;

    private TypefaceText(SKTypeface plain, SKTypeface bold) => (_plain, _bold) = (plain, bold);

    /// <summary>The best typeface there is; null where the system has none.</summary>
    internal static TypefaceText? Find() => Families.Concat(SKFontManager.Default.FontFamilies)
        .Select(family => (Plain: Match(family, SKFontStyle.Normal), Bold: Match(family, SKFontStyle.Bold)))
        .Where(pair => pair is { Plain: not null, Bold: not null })
        .Select(pair => new TypefaceText(pair.Plain!, pair.Bold!)).FirstOrDefault();

    public float Width(string text, float size, bool bold)
    {
        using var paint = Paint(size, bold);
        return paint.MeasureText(text);
    }

    public void Draw(SKCanvas canvas, string text, SKPoint place, float size, bool bold, SKColor colour)
    {
        using var paint = Paint(size, bold);
        paint.Color = colour;
        canvas.DrawText(text, place.X, place.Y, paint);
    }

    public void Dispose()
    {
        _plain.Dispose();
        _bold.Dispose();
    }

    // Without hinting: at some sizes it gives thick strokes ends that look like serifs.
    private SKPaint Paint(float size, bool bold) => new()
    {
        Typeface = bold ? _bold : _plain,
        TextSize = size,
        IsAntialias = true,
        SubpixelText = true,
        HintingLevel = SKPaintHinting.NoHinting,
    };

    private static SKTypeface? Match(string family, SKFontStyle style) =>
        SKFontManager.Default.MatchFamily(family, style) is { } typeface && typeface.ContainsGlyphs("Aa0") ? typeface : null;
}

/// <summary>
/// Text in letters of our own, 5 pixels wide and 7 high, with one row below the base line, for systems without any font. Knows printable
/// ASCII; other characters are boxes.
/// </summary>
internal sealed class GlyphText : ISheetText
{
    private const int Columns = 5, Rows = 8, BaseRow = 7, Advance = Columns + 1;

    /// <summary>Size of a text whose pixels are single ones: seven rows above the base line, and room.</summary>
    private const float SizeOfOnePixel = 9;

    private const char First = ' ', Last = '~';

    /// <summary>Pixels that are set, row by row, of each character from the space on; the box comes last.</summary>
    private static readonly bool[][] Glyphs = Read();

    public float Width(string text, float size, bool bold) => text.EnumerateRunes().Count() * Advance * Scale(size);

    public void Draw(SKCanvas canvas, string text, SKPoint place, float size, bool bold, SKColor colour)
    {
        var scale = Scale(size);
        using var paint = new SKPaint { Color = colour };
        var (x, top) = (MathF.Round(place.X), MathF.Round(place.Y) - (BaseRow * scale));
        foreach (var rune in text.EnumerateRunes())
        {
            var glyph = Glyphs[rune.Value is >= First and <= Last ? rune.Value - First : ^1];
            for (var i = 0; i < glyph.Length; i++)
            {
                // Half a pixel more makes a bold stroke and leaves the letters their distance.
                if (glyph[i])
                    canvas.DrawRect(x + (i % Columns * scale), top + (i / Columns * scale), bold ? scale + (scale / 2) : scale, scale, paint);
            }
            x += Advance * scale;
        }
    }

    public void Dispose()
    {
    }

    private static int Scale(float size) => Math.Max((int)MathF.Round(size / SizeOfOnePixel), 1);

    // Glyphs.txt: lines of letters side by side, Rows text lines each, a column of spaces behind each letter; '#' is a set pixel.
    private static bool[][] Read()
    {
        using var stream = typeof(GlyphText).Assembly.GetManifestResourceStream("Glyphs")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. lines.Chunk(Rows).SelectMany(band => Enumerable.Range(0, (band[0].Length + 1) / Advance).Select(at =>
            band.SelectMany(line => line.Substring(at * Advance, Columns)).Select(pixel => pixel == '#').ToArray()))];
    }
}
