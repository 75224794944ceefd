using System.Numerics.Tensors;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Retrieval;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>Chooses τ of query scoring by how far the cosines of a model spread.</summary>
internal static class TemperatureFit
{
    private const double Deviations = 2;

    /// <summary>Finds a temperature: twice the standard deviation of the cosines between all frames and all captions.</summary>
    /// <param name="videos">Embedded videos.</param>
    /// <param name="captions">Captions; whose they are does not matter.</param>
    /// <param name="encoder">The model's text side.</param>
    internal static double Find(IReadOnlyList<EmbeddedVideo> videos, IReadOnlyList<string> captions, IDualEncoder encoder)
    {
        var texts = new float[captions.Count * encoder.Dimension];
        encoder.EmbedTexts(captions, texts);
        var frames = Units([.. videos.SelectMany(video => video.Frames)], encoder.Dimension);
        var (sum, squares, count) = (0.0, 0.0, 0L);
        foreach (var text in Units(texts, encoder.Dimension))
            foreach (var frame in frames)
            {
                var cosine = TensorPrimitives.Dot<float>(frame, text);
                (sum, squares, count) = (sum + cosine, squares + (cosine * cosine), count + 1);
            }
        var mean = sum / count;
        return Deviations * Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)));
    }

    private static List<float[]> Units(float[] rows, int dimension) => [.. rows.Chunk(dimension).Select(row =>
    {
        var length = Math.Max(TensorPrimitives.Norm<float>(row), 1e-8f);
        return Array.ConvertAll(row, value => value / length);
    })];
}
