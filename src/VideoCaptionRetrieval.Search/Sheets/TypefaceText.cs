using SkiaSharp;

namespace VideoCaptionRetrieval.Search.Sheets;

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
