using VideoCaptionRetrieval.Experiments.Ablations;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Retrieval;

namespace VideoCaptionRetrieval.Experiments.Tests.Ablations;

public sealed class TemperatureFitTests
{
    [Fact]
    public void Of_KnownCosines_TwiceTheirDeviation()
    {
        // Cosines of the frames (2, 0) and (0, 3) with the texts (1, 0) and (0, 1): 1, 0, 0, 1.
        var videos = new[] { new EmbeddedVideo("a", [2, 0, 0, 3], [0, 1]) };
        Assert.Equal(1, TemperatureFit.Find(videos, ["x", "y"], new TwoTexts()), 6);
    }

    private sealed class TwoTexts : IDualEncoder
    {
        public int Dimension => 2;

        public FrameFormat FrameFormat => throw new NotSupportedException("only texts are asked for");

        public void EmbedFrames(ReadOnlySpan<byte> frames, int count, Span<float> embeddings) => throw new NotSupportedException("only texts are asked for");

        public void EmbedTexts(IReadOnlyList<string> texts, Span<float> embeddings) => new float[] { 1, 0, 0, 1 }.CopyTo(embeddings);

        public void Dispose()
        {
        }
    }
}
