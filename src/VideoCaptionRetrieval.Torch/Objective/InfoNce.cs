using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace VideoCaptionRetrieval.Torch.Objective;

/// <summary>
/// Symmetric InfoNCE over a batch, equation 3 of the paper (https://arxiv.org/abs/2404.17498): every other item of the batch is a
/// negative, but for masked pairs (<see cref="FalseNegatives"/>). The paper writes no scale; s = 1 is its equation to the letter.
/// </summary>
/// <param name="VideoToCaption">−(1/B) Σ_b log(exp(s·Φ_bb) / Σ_j exp(s·Φ_bj)), a scalar.</param>
/// <param name="CaptionToVideo">The same over the columns of Φ, a scalar.</param>
public sealed record InfoNce(Tensor VideoToCaption, Tensor CaptionToVideo) : IDisposable
{
    /// <summary>Computes both directions; the caller disposes them.</summary>
    /// <param name="phi">Φ, [B, B]: row = video, column = captions.</param>
    /// <param name="logScale">ln s, a scalar.</param>
    /// <param name="masked">
    /// [B, B], true where a pair leaves the sums over j; never on the diagonal, where the pairs are that belong together. Null = nowhere.
    /// </param>
    public static InfoNce Symmetric(Tensor phi, Tensor logScale, Tensor? masked = null)
    {
        using var scope = NewDisposeScope();
        var logits = logScale.exp() * phi;                                              // (B, B)
        if (masked is not null) logits = logits.MaskedFill(masked, double.NegativeInfinity);
        var labels = TensorArithmetic.Indices(phi.shape[0], phi.device);                // (B): item b belongs to item b
        var videoToCaption = cross_entropy(logits, labels);
        var captionToVideo = cross_entropy(logits.t(), labels);
        return new(videoToCaption.MoveToOuterDisposeScope(), captionToVideo.MoveToOuterDisposeScope());
    }

    /// <summary>Combines the two directions into the loss to minimise; the caller disposes it.</summary>
    public Tensor Combine(BidirectionalLoss directions)
    {
        using var scope = NewDisposeScope();
        var sum = VideoToCaption.Plus(CaptionToVideo);
        var loss = directions switch
        {
            BidirectionalLoss.Sum => sum,
            BidirectionalLoss.Average => sum.Over(2),
            _ => throw new ArgumentOutOfRangeException(nameof(directions), directions, $"The combination '{directions}' is not known."),
        };
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>Computes the loss of a model that finds every item of a batch equally likely.</summary>
    /// <param name="items">B, the number of items of a batch.</param>
    /// <param name="directions">How the two directions are combined.</param>
    internal static double ChanceLevel(int items, BidirectionalLoss directions) => Math.Log(items) * (directions == BidirectionalLoss.Sum ? 2 : 1);

    /// <inheritdoc/>
    public void Dispose()
    {
        VideoToCaption.Dispose();
        CaptionToVideo.Dispose();
    }
}
