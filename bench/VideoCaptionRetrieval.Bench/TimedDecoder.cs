using System.Diagnostics;
using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Bench;

/// <summary>Counts the time that a decoder takes.</summary>
internal sealed class TimedDecoder(IStepDecoder inner) : IStepDecoder
{
    internal double Seconds { get; set; }

    public int Images => inner.Images;

    public int VocabularySize => inner.VocabularySize;

    public void Start(ReadOnlySpan<int> prompt, Span<float> logits)
    {
        var start = Stopwatch.GetTimestamp();
        inner.Start(prompt, logits);
        Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Step(ReadOnlySpan<int> tokens, Span<float> logits)
    {
        var start = Stopwatch.GetTimestamp();
        inner.Step(tokens, logits);
        Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Reorder(ReadOnlySpan<int> rows, int rowsPerImage)
    {
        var start = Stopwatch.GetTimestamp();
        inner.Reorder(rows, rowsPerImage);
        Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose()
    {
    }
}
