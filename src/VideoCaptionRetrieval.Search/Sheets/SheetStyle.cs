using SkiaSharp;

namespace VideoCaptionRetrieval.Search.Sheets;

/// <summary>Measures in pixels and colours of a sheet.</summary>
internal static class SheetStyle
{
    internal const int Margin = 28, Gap = 10, CardPadding = 14, CardGap = 14, Corner = 8;

    /// <summary>The part of a card that tells of the hit, left of its pictures.</summary>
    internal const int TextWidth = 300;

    internal const int FrameHeight = 120;

    /// <summary>Wider pictures, such as panoramas, are made smaller.</summary>
    internal const int WidestFrame = FrameHeight * 16 / 9;

    internal const int HeadingHeight = 66, TimeHeight = 24;
    internal const int CardHeight = FrameHeight + TimeHeight + (2 * CardPadding);

    internal const float HeadingSize = 27, NameSize = 17, PlainSize = 15;

    internal static readonly SKColor Page = new(0xF1, 0xF3, 0xF6), Card = SKColors.White, Edge = new(0xDD, 0xE2, 0xE8);
    internal static readonly SKColor Ink = new(0x17, 0x1D, 0x26), Quiet = new(0x66, 0x70, 0x7D), Accent = new(0x1F, 0x6F, 0xEB);
    internal static readonly SKColor Behind = new(0x14, 0x19, 0x20), Missing = new(0xD3, 0xD8, 0xDE);
}
