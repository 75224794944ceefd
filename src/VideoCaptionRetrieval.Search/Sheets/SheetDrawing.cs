using System.Globalization;
using System.Runtime.InteropServices;
using SkiaSharp;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Search.Sheets;

/// <summary>Draws a sheet.</summary>
/// <param name="query">The heading.</param>
/// <param name="rows">The hits.</param>
internal sealed class SheetDrawing(string query, IReadOnlyList<SheetRow> rows)
{
    private const int Tile = 160, TilesPerRow = 5, Gap = 8, Margin = 20, Heading = 56, RowHeading = 28, TimeHeight = 20, Frame = 3;
    private const int RowHeight = RowHeading + Tile + TimeHeight + Gap, Width = (2 * Margin) + (TilesPerRow * Tile) + ((TilesPerRow - 1) * Gap);

    private static readonly SKColor _paper = SKColors.White, _ink = new(0x20, 0x24, 0x2a), _pale = new(0x6b, 0x72, 0x80), _empty = new(0xe5, 0xe7, 0xeb), _best = new(0xd9, 0x48, 0x0f);

    /// <summary>What a frame looks like on a sheet: whole, with dark bars beside it where it is not square.</summary>
    internal static FrameFormat TileFormat { get; } = new(Tile) { Fit = FrameFit.Pad };

    /// <summary>The picture.</summary>
    internal byte[] ToPng()
    {
        using var bitmap = new SKBitmap(Width, Margin + Heading + (Math.Max(rows.Count, 1) * RowHeight) + Margin);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(_paper);
            Text(canvas, query, Margin, Margin + 26, 24, _ink, bold: true);
            if (rows.Count == 0) Text(canvas, "Nothing was found: the index holds no video.", Margin, Margin + Heading + RowHeading, 16, _pale);
            for (var i = 0; i < rows.Count; i++) Row(canvas, i, Margin + Heading + (i * RowHeight));
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    private void Row(SKCanvas canvas, int rank, int top)
    {
        var (row, culture) = (rows[rank], CultureInfo.InvariantCulture);
        Text(canvas, string.Create(culture, $"{rank + 1}.  {row.Hit.VideoId}"), Margin, top + 18, 16, _ink, bold: true, most: Width - (2 * Margin) - 190);
        var place = double.IsNaN(row.Hit.Time) ? "" : $"@ {Clock(row.Hit.Time)}   ";
        Text(canvas, string.Create(culture, $"{place}score {row.Hit.Score:0.00}"), Width - Margin - 170, top + 18, 16, _best);
        if (row.Fault is not null)
        {
            using var grey = new SKPaint { Color = _empty };
            canvas.DrawRect(Margin, top + RowHeading, Width - (2 * Margin), Tile, grey);
            Text(canvas, row.Fault, Margin + 12, top + RowHeading + (Tile / 2), 14, _pale, most: Width - (2 * Margin) - 24);
        }
        for (var i = 0; i < row.Tiles.Count; i++) Picture(canvas, row.Tiles[i], Margin + (i * (Tile + Gap)), top + RowHeading);
    }

    private static void Picture(SKCanvas canvas, SheetTile tile, int left, int top)
    {
        using var picture = Bitmap(tile.Pixels.Span);
        canvas.DrawBitmap(picture, left, top);
        if (tile.IsBest)
        {
            using var line = new SKPaint { Color = _best, Style = SKPaintStyle.Stroke, StrokeWidth = Frame };
            canvas.DrawRect(left + (Frame / 2f), top + (Frame / 2f), Tile - Frame, Tile - Frame, line);
        }
        Text(canvas, Clock(tile.Time), left + 2, top + Tile + 15, 13, tile.IsBest ? _best : _pale, bold: tile.IsBest);
    }

    private static SKBitmap Bitmap(ReadOnlySpan<byte> rgb)
    {
        var bitmap = new SKBitmap(new SKImageInfo(Tile, Tile, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var rgba = new byte[Tile * Tile * 4];
        for (var i = 0; i < Tile * Tile; i++)
        {
            rgb.Slice(3 * i, 3).CopyTo(rgba.AsSpan(4 * i));
            rgba[(4 * i) + 3] = byte.MaxValue;
        }
        Marshal.Copy(rgba, 0, bitmap.GetPixels(), rgba.Length);
        return bitmap;
    }

    /// <summary>Draws a text, the end of which is left out where it is longer than there is room for.</summary>
    private static void Text(SKCanvas canvas, string text, float left, float baseline, float size, SKColor colour, bool bold = false, float most = Width - (2 * Margin))
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true, TextSize = size, Typeface = SheetFonts.Get(bold) };
        var fits = (int)paint.BreakText(text, most);
        canvas.DrawText(fits < text.Length ? text[..Math.Max(0, fits - 1)] + "…" : text, left, baseline, paint);
    }

    private static string Clock(double seconds) => TimeSpan.FromSeconds(seconds).ToString(seconds < 3600 ? @"mm\:ss\.f" : @"h\:mm\:ss\.f", CultureInfo.InvariantCulture);
}
