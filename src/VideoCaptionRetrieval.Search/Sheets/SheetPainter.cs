using System.Globalization;
using System.Text;
using SkiaSharp;
using VideoCaptionRetrieval.Models.Imaging;
using static VideoCaptionRetrieval.Search.Sheets.SheetStyle;

namespace VideoCaptionRetrieval.Search.Sheets;

/// <summary>Draws a sheet: the query, and a card for each hit with what is known of it on the left and its pictures in time order.</summary>
internal sealed class SheetPainter
{
    private readonly ISheetText _text;
    private readonly SKCanvas _canvas;
    private readonly int _frameWidth, _width;

    private SheetPainter(ISheetText text, SKCanvas canvas, int frameWidth, int width) =>
        (_text, _canvas, _frameWidth, _width) = (text, canvas, frameWidth, width);

    /// <summary>Draws a sheet as PNG; the caller disposes it.</summary>
    /// <param name="query">What was looked for.</param>
    /// <param name="summary">A line below it.</param>
    /// <param name="hits">The hits, best first.</param>
    /// <param name="text">How text is drawn.</param>
    internal static SKData Paint(string query, string summary, IReadOnlyList<HitFrames> hits, ISheetText text)
    {
        // All pictures take the room of the widest one, so that moments stand below each other.
        var frameWidth = hits.SelectMany(hit => hit.Frames).Select(frame => Fitted(frame, MaxFrameWidth).Width).DefaultIfEmpty(MaxFrameWidth).Max();
        var width = (2 * (Margin + CardPadding)) + TextWidth + (HitFrames.MaxFrames * (frameWidth + Gap));
        var height = (2 * Margin) + HeadingHeight + (hits.Count * (CardHeight + CardGap));
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var painter = new SheetPainter(text, surface.Canvas, frameWidth, width);
        surface.Canvas.Clear(Page);
        painter.Line(query, new(Margin, Margin + HeadingSize), width - (2 * Margin), HeadingSize, true, Ink);
        painter.Line(summary, new(Margin, Margin + HeadingSize + 24), width - (2 * Margin), PlainSize, false, Quiet);
        for (var rank = 0; rank < hits.Count; rank++)
            painter.DrawCard(hits[rank], rank + 1, Margin + HeadingHeight + (rank * (CardHeight + CardGap)));
        using var image = surface.Snapshot();
        return image.Encode(SKEncodedImageFormat.Png, quality: 100);
    }

    private void DrawCard(HitFrames hit, int rank, int top)
    {
        var card = SKRect.Create(Margin, top, _width - (2 * Margin), CardHeight);
        Fill(card, Corner, Card);
        Outline(card, Corner, 1, Edge);
        Describe(hit.Hit, rank, Margin + CardPadding, top + CardPadding);
        var left = Margin + CardPadding + TextWidth + Gap;
        if (hit.Fault is { } fault) ShowFault(fault, left, top + CardPadding);
        for (var i = 0; i < hit.Frames.Count; i++) Picture(hit.Frames[i], left + (i * (_frameWidth + Gap)), top + CardPadding);
    }

    private void Describe(VideoHit hit, int rank, int left, int top)
    {
        var number = $"{rank}";
        _text.Draw(_canvas, number, new(left, top + HeadingSize), HeadingSize, true, Accent);
        var indent = Math.Max(_text.Width("0", HeadingSize, true) * 1.6f, _text.Width(number + " ", HeadingSize, true));
        var slash = hit.VideoId.LastIndexOf('/');
        var room = TextWidth - indent;
        Line(hit.VideoId[(slash + 1)..], new(left + indent, top + 24), room, NameSize, true, Ink);
        Line(hit.VideoId[..Math.Max(slash, 0)], new(left + indent, top + 48), room, PlainSize, false, Quiet, keepEnd: true);
        Line(Timestamp.Format(hit.Time), new(left + indent, top + 84), room, NameSize, true, Ink);
        var score = string.Create(CultureInfo.InvariantCulture, $"score {hit.Score:0.00}");
        Line(score, new(left + indent, top + 108), room, PlainSize, false, Quiet);
    }

    private void Picture(SheetFrame frame, int left, int top)
    {
        var tile = SKRect.Create(left, top, _frameWidth, FrameHeight);
        Fill(tile, Corner / 2, Behind);
        var size = Fitted(frame, _frameWidth);
        using (var picture = SkiaPicture.Of(frame.Rgb.Span, frame.Size.Width, frame.Size.Height))
        using (var paint = new SKPaint { FilterQuality = SKFilterQuality.High })
        {
            _canvas.DrawImage(picture,
                SKRect.Create(left + ((_frameWidth - size.Width) / 2), top + ((FrameHeight - size.Height) / 2), size.Width, size.Height), paint);
        }
        if (frame.IsBest) Outline(tile, Corner / 2, 4, Accent);
        Line(Timestamp.FormatWithTenths(frame.Time), new(left, top + FrameHeight + 19), _frameWidth, PlainSize, frame.IsBest,
            frame.IsBest ? Accent : Quiet);
    }

    /// <summary>A grey tile that says why there are no pictures.</summary>
    private void ShowFault(string fault, int left, int top)
    {
        var tile = SKRect.Create(left, top, (HitFrames.MaxFrames * (_frameWidth + Gap)) - Gap, FrameHeight + TimeHeight);
        Fill(tile, Corner / 2, Missing);
        Line("No pictures", new(left + 20, top + 66), tile.Width - 40, NameSize, true, Ink);
        Line(fault, new(left + 20, top + 92), tile.Width - 40, PlainSize, false, Quiet);
    }

    private void Line(string text, SKPoint place, float width, float size, bool bold, SKColor colour, bool keepEnd = false) =>
        _text.Draw(_canvas, SheetLine.Fit(text, width, part => _text.Width(part, size, bold), keepEnd), place, size, bold, colour);

    private void Fill(SKRect area, float corner, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        _canvas.DrawRoundRect(area, corner, corner, paint);
    }

    private void Outline(SKRect area, float corner, float stroke, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true, IsStroke = true, StrokeWidth = stroke };
        _canvas.DrawRoundRect(area, corner, corner, paint);
    }

    /// <summary>The size at which a picture fits into a place as high as all are.</summary>
    private static SKSizeI Fitted(SheetFrame frame, int width)
    {
        var scale = Math.Min((double)width / frame.Size.Width, (double)FrameHeight / frame.Size.Height);
        return new(Math.Max((int)Math.Round(frame.Size.Width * scale), 1), Math.Max((int)Math.Round(frame.Size.Height * scale), 1));
    }
}

/// <summary>Shortens a line of text to a width.</summary>
internal static class SheetLine
{
    /// <summary>ASCII, since every font has it.</summary>
    private const string LeftOut = "...";

    /// <summary>The longest part of a text that fits, with dots where something is left out.</summary>
    /// <param name="text">The text; control characters become spaces.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="measure">Width of a text.</param>
    /// <param name="keepEnd">Whether the beginning is left out, as of paths, instead of the end.</param>
    internal static string Fit(string text, float width, Func<string, float> measure, bool keepEnd = false)
    {
        Rune[] runes = [.. text.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? new Rune(' ') : rune)];
        string Part(int count) => string.Concat(keepEnd ? runes[^count..] : runes[..count]);
        if (measure(Part(runes.Length)) <= width) return Part(runes.Length);
        var (fits, tooLong) = (0, runes.Length);
        while (tooLong - fits > 1)
        {
            var count = (fits + tooLong) / 2;
            if (measure(LeftOut + Part(count)) <= width) fits = count;
            else tooLong = count;
        }
        return keepEnd ? LeftOut + Part(fits) : Part(fits).TrimEnd() + LeftOut;
    }
}

/// <summary>Measures in pixels and colours of a sheet.</summary>
internal static class SheetStyle
{
    internal const int Margin = 28, Gap = 10, CardPadding = 14, CardGap = 14, Corner = 8;

    /// <summary>The part of a card that tells of the hit, left of its pictures.</summary>
    internal const int TextWidth = 300;

    internal const int FrameHeight = 120;

    /// <summary>Wider pictures, such as panoramas, are made smaller.</summary>
    internal const int MaxFrameWidth = FrameHeight * 16 / 9;

    internal const int HeadingHeight = 66, TimeHeight = 24;
    internal const int CardHeight = FrameHeight + TimeHeight + (2 * CardPadding);

    internal const float HeadingSize = 27, NameSize = 17, PlainSize = 15;

    internal static readonly SKColor Page = new(0xF1, 0xF3, 0xF6), Card = SKColors.White, Edge = new(0xDD, 0xE2, 0xE8);
    internal static readonly SKColor Ink = new(0x17, 0x1D, 0x26), Quiet = new(0x66, 0x70, 0x7D), Accent = new(0x1F, 0x6F, 0xEB);
    internal static readonly SKColor Behind = new(0x14, 0x19, 0x20), Missing = new(0xD3, 0xD8, 0xDE);
}
