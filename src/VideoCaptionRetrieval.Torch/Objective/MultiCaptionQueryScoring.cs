using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Objective;

/// <summary>
/// Multi-caption query scoring (MCQS): how alike each video and each set of captions of a batch are.
/// Ventura, Schmid, Varol, "Learning text-to-video retrieval from image captioning", IJCV 2024, equations 1 and 2
/// (https://arxiv.org/abs/2404.17498). Frames are weighted by unit vectors and pooled un-normalised, as in the code it builds on
/// (https://github.com/m-bain/clip-hitchhiker, query_scoring.py).
/// </summary>
/// <remarks>
/// Symbols: B items of a batch, each a video of N frames v_1…v_N and L captions c_1…c_L; D, the length of an embedding; φ, the
/// cosine. Everything is computed in the type of the arguments and is differentiable. Thread-safe.
/// </remarks>
internal static class MultiCaptionQueryScoring
{
    /// <summary>
    /// S[i, j, l] = φ(ṽ, c_jl), where ṽ = Σ_n w_n v_in is video i pooled again for caption l of item j. Captions that an item does
    /// not have give 0.
    /// </summary>
    /// <param name="frames">[B, N, D], un-normalised.</param>
    /// <param name="captions">[B, L, D], un-normalised.</param>
    /// <param name="scoring">How frames are pooled.</param>
    /// <param name="frameMask">
    /// [B, N], true where there is a frame; null where all are there. What masked entries hold never matters.
    /// </param>
    /// <param name="captionMask">[B, L], true where there is a caption; null where all are there.</param>
    /// <returns>[B, B, L]; the caller disposes it.</returns>
    internal static Tensor PairScores(
        Tensor frames, Tensor captions, FrameScoring scoring, Tensor? frameMask = null, Tensor? captionMask = null)
    {
        using var scope = NewDisposeScope();
        var (items, perItem, dimension) = (captions.shape[0], captions.shape[1], captions.shape[2]);
        var v = Present(frames, frameMask);                                                     // (B, N, D)
        var c = Unit(Present(captions, captionMask)).reshape(items * perItem, dimension);       // (B·L, D)
        var pool = scoring.NormaliseFrames ? Unit(v) : v;                                       // (B, N, D)
        var w = scoring.Pooling switch
        {
            FramePooling.Mean => UniformWeights(v, frameMask),                                  // (B, 1, N)
            FramePooling.QueryScoring => FrameWeights(v, c, scoring.Temperature, frameMask),    // (B, B·L, N)
            _ => throw new ArgumentOutOfRangeException(nameof(scoring), scoring.Pooling, $"The pooling '{scoring.Pooling}' is not known."),
        };
        var pooled = w.matmul(pool);                                                            // (B, B·L or 1, D)
        var cosines = (Unit(pooled) * c).sum(-1);                                               // (B, B·L)
        var similarity = cosines.reshape(-1, items, perItem);                                   // (B, B, L)
        if (captionMask is not null) similarity = similarity.MaskedFill(captionMask.logical_not(), 0);
        return similarity.MoveToOuterDisposeScope();
    }

    /// <summary>Φ(V_i, C_j) = Σ_l a_jl S[i, j, l]: equation 1, with the weights a of <see cref="CaptionPooling"/>.</summary>
    /// <param name="pairScores">S, [B, B, L].</param>
    /// <param name="weighting">How captions are weighted.</param>
    /// <param name="captionMask">[B, L], true where there is a caption; null where all are there.</param>
    /// <param name="scores">[B, L], the captions' CLIPScores; required for <see cref="CaptionWeighting.Score"/>.</param>
    /// <returns>[B, B]; the caller disposes it.</returns>
    internal static Tensor Similarity(
        Tensor pairScores, CaptionWeighting weighting = CaptionWeighting.Mean, Tensor? captionMask = null, Tensor? scores = null)
    {
        using var scope = NewDisposeScope();
        var (items, perItem) = (pairScores.shape[1], pairScores.shape[2]);
        var present = captionMask ?? ones(items, perItem, dtype: ScalarType.Bool, device: pairScores.device);
        var a = CaptionPooling.Weights(weighting, present, pairScores.dtype, scores);           // (B, L)
        return (a * pairScores).sum(-1).MoveToOuterDisposeScope();                              // (B, B)
    }

    /// <summary>w_n = softmax_n(φ(v_n, c) / τ): equation 2, for every video and every caption of the batch.</summary>
    private static Tensor FrameWeights(Tensor v, Tensor c, double temperature, Tensor? frameMask)
    {
        var cosines = c.matmul(Unit(v).transpose(1, 2));                                        // (B·L, D) · (B, D, N) = (B, B·L, N)
        var logits = cosines.Over(temperature);
        return frameMask is null ? logits.softmax(-1) : logits.MaskedSoftmax(frameMask.unsqueeze(1));
    }

    private static Tensor UniformWeights(Tensor v, Tensor? frameMask)
    {
        var present = frameMask ?? ones(v.shape[0], v.shape[1], dtype: ScalarType.Bool, device: v.device);
        return (present.to(v.dtype) / present.sum(-1, keepdim: true)).unsqueeze(1);             // (B, 1, N)
    }

    private static Tensor Present(Tensor vectors, Tensor? mask) =>
        mask is null ? vectors : vectors.MaskedFill(mask.logical_not().unsqueeze(-1), 0);

    /// <summary>v / max(‖v‖, ε).</summary>
    private static Tensor Unit(Tensor vectors) => nn.functional.normalize(vectors, dim: -1, eps: QueryScoring.Epsilon);
}
