using SkiaSharp;
using VideoCaptionRetrieval.Search.Sheets;

namespace VideoCaptionRetrieval.Search.Tests.Sheets;

/// <summary>Draws nothing and keeps the lines.</summary>
internal sealed class CollectingText : ISheetText
{
    internal List<string> Lines { get; } = [];

    public float Width(string text, float size, bool bold) => text.Length;

    public void Draw(SKCanvas canvas, string text, SKPoint place, float size, bool bold, SKColor colour) => Lines.Add(text);

    public void Dispose()
    {
    }
}
