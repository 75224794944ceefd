using System.Buffers;
using System.Numerics.Tensors;

namespace VideoCaptionRetrieval.Models.Generation;

/// <summary>Logits as logarithms of probabilities.</summary>
internal static class LogProbabilities
{
    /// <summary>Changes a row of logits in place: minus the logarithm of the sum of their exponentials.</summary>
    /// <exception cref="InvalidOperationException">A logit is not a number.</exception>
    internal static void FromLogits(Span<float> scores)
    {
        var exponentials = ArrayPool<float>.Shared.Rent(scores.Length);
        var shifted = exponentials.AsSpan(0, scores.Length);
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max<float>(scores), scores);
        TensorPrimitives.Exp(scores, shifted);
        var logSum = MathF.Log(TensorPrimitives.Sum<float>(shifted));
        ArrayPool<float>.Shared.Return(exponentials);
        TextGenerator.RequireNotNaN(logSum);
        TensorPrimitives.Subtract(scores, logSum, scores);
    }
}
