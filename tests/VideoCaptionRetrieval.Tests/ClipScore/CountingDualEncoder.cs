using System.Globalization;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Tests.ClipScore;

/// <summary>A frame's first byte, and the number after the '#' of a text, are angles in degrees on a circle. Keeps its calls.</summary>
internal sealed class CountingDualEncoder(int size) : IDualEncoder
{
    internal List<int> FrameCalls { get; } = [];
    internal List<string[]> TextCalls { get; } = [];
    internal bool Disposed { get; private set; }

    public int Dimension => 2;

    public FrameFormat FrameFormat => new(size);

    public void EmbedFrames(ReadOnlySpan<byte> frames, int count, Span<float> embeddings)
    {
        FrameCalls.Add(count);
        for (var i = 0; i < count; i++) Circle(frames[i * FrameFormat.FrameBytes], embeddings.Slice(2 * i, 2), length: 3);
    }

    public void EmbedTexts(IReadOnlyList<string> texts, Span<float> embeddings)
    {
        TextCalls.Add([.. texts]);
        for (var i = 0; i < texts.Count; i++) Circle(double.Parse(texts[i].Split('#')[1], CultureInfo.InvariantCulture), embeddings.Slice(2 * i, 2), length: 0.5);
    }

    public void Dispose() => Disposed = true;

    private static void Circle(double degrees, Span<float> point, double length) =>
        (point[0], point[1]) = ((float)(length * Math.Cos(degrees * Math.PI / 180)), (float)(length * Math.Sin(degrees * Math.PI / 180)));
}
