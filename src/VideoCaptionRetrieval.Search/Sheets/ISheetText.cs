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
