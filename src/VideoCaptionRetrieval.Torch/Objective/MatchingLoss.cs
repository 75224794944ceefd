using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Training;
using VideoCaptionRetrieval.Video;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Objective;

/// <summary>
/// Image-text matching of videos: the text encoder reads a caption with the states of all frames' tokens one after another, and a head of two
/// classes says whether both belong together; cross-entropy over the pairs of <see cref="MatchingPairs"/>. Of BLIP
/// (https://github.com/salesforce/BLIP, models/blip_retrieval.py), for videos as in appendix E of https://arxiv.org/abs/2404.17498.
/// </summary>
/// <param name="model">The network; it stays the caller's.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="chunk">Texts that go through the network at once.</param>
internal sealed class MatchingLoss(BlipRetrievalModel model, int seed, int chunk)
{
    internal BlipRetrievalModel Model => model;

    /// <summary>
    /// Adds the loss's gradients to those of the network's parameters and to those of the states, which have some already. A video's pairs
    /// are read together, so that its states are projected once for several texts; only one chunk's activations are ever in memory.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="states">[B·N, P, Dv], a leaf.</param>
    /// <param name="similarity">[B, B, L].</param>
    /// <param name="scale">The factor between a similarity and a logit, a scalar.</param>
    /// <param name="encode">Runs a computation in the precision that was asked for.</param>
    /// <returns>The mean over the pairs.</returns>
    internal double Backpropagate(ContrastiveBatch batch, Tensor states, Tensor similarity, Tensor scale, Func<Func<Tensor>, Tensor> encode)
    {
        var pairs = Draw(batch, similarity, scale);
        var ids = model.WithEncodeToken(batch.Ids);                                                             // (K, T)
        var loss = 0.0;
        foreach (var video in Enumerable.Range(0, pairs.Video.Count).GroupBy(pair => pairs.Video[pair]))
        {
            using var scope = NewDisposeScope();
            var (first, count) = (video.Key * batch.FramesPerVideo, batch.FramesPerVideo);
            var own = states.detach().narrow(0, first, count).reshape(1, -1, states.shape[2]).requires_grad_(); // (1, N·P, Dv)
            foreach (var part in video.Chunk(chunk))
            {
                using var inner = NewDisposeScope();
                var captions = tensor(part.Select(pair => (long)pairs.Caption[pair]).ToArray(), device: ids.device);
                var labels = tensor(part.Select(pair => pairs.Matches[pair] ? 1L : 0L).ToArray(), device: ids.device);
                var logits = encode(() => model.MatchLogits(ids.index_select(0, captions), own)).to(states.dtype);  // (R, 2)
                var share = nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum).Over(pairs.Video.Count);
                share.backward();
                loss += share.to(ScalarType.Float64).item<double>();
            }
            using var noGradient = no_grad();
            states.grad!.narrow(0, first, count).add_(own.grad!.view(count, -1, states.shape[2]), TensorArithmetic.One);
        }
        return loss;
    }

    /// <summary>The pairs of a batch, settled by the seed and the step.</summary>
    internal MatchingPairs Draw(ContrastiveBatch batch, Tensor similarity, Tensor scale)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var places = batch.CaptionMask.flatten().nonzero().squeeze(1);                                          // (K)
        var perVideo = batch.CaptionMask.shape[1];
        var owners = places.cpu().data<long>().Select(place => (int)(place / perVideo)).ToArray();
        var logits = (similarity * scale).flatten(1).index_select(1, places).to(ScalarType.Float32).cpu();      // (B, K)
        var values = new float[batch.Videos, owners.Length];
        var flat = logits.contiguous().data<float>();
        for (var video = 0; video < batch.Videos; video++)
            for (var k = 0; k < owners.Length; k++) values[video, k] = flat[(video * owners.Length) + k];
        var draws = new DrawSequence(seed, batch.Step, nameof(MatchingPairs));
        return MatchingPairs.Draw(values, owners, ref draws);
    }
}
