using SkiaSharp;

namespace VideoCaptionRetrieval.Search.Sheets;

/// <summary>The system's fonts for sheets: a plain one and a bold one. Thread-safe; they live as long as the process.</summary>
internal static class SheetFonts
{
    private static readonly string[] _families = ["DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica"];
    private static readonly Lazy<SKTypeface> _plain = new(() => Find(SKFontStyle.Normal)), _bold = new(() => Find(SKFontStyle.Bold));

    internal static SKTypeface Get(bool bold) => bold ? _bold.Value : _plain.Value;

    private static SKTypeface Find(SKFontStyle style)
    {
        var installed = SKFontManager.Default.GetFontFamilies().ToHashSet(StringComparer.Ordinal);
        return _families.FirstOrDefault(installed.Contains) is { } family ? SKFontManager.Default.MatchFamily(family, style) : SKTypeface.Default;
    }
}
