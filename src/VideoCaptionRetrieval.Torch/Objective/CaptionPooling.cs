using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Objective;

/// <summary>The weights a_jl of equation 1, with which the L captions of item j make one similarity.</summary>
internal static class CaptionPooling
{
    /// <summary>Temperature of the softmax over the captions' CLIPScores (the paper's ablation).</summary>
    internal const double Temperature = 0.1;

    /// <summary>a_jl = 1/L_j, or softmax_l(score_jl / 0.1); 0 where there is no caption.</summary>
    /// <param name="weighting">Which of the two.</param>
    /// <param name="present">[B, L], true where there is a caption.</param>
    /// <param name="type">The type of the weights.</param>
    /// <param name="scores">[B, L], the captions' CLIPScores; required for <see cref="CaptionWeighting.Score"/>. Masked entries are ignored.</param>
    /// <returns>[B, L]; each row sums to 1. The temporaries are left to the caller's dispose scope.</returns>
    internal static Tensor Weights(CaptionWeighting weighting, Tensor present, ScalarType type, Tensor? scores) => weighting switch
    {
        CaptionWeighting.Mean => present.to(type) / present.sum(-1, keepdim: true),
        CaptionWeighting.Score => scores!.to(type).Over(Temperature).MaskedSoftmax(present),
        _ => throw new ArgumentOutOfRangeException(nameof(weighting), weighting, $"The weighting '{weighting}' is not known."),
    };

    /// <summary>Softmax along the last dimension over the entries that are present; the others get 0.</summary>
    internal static Tensor MaskedSoftmax(this Tensor logits, Tensor present) =>
        logits.MaskedFill(present.logical_not(), double.NegativeInfinity).softmax(-1);
}
