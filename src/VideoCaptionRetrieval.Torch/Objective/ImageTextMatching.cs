using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Video;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Objective;

/// <summary>
/// Image-text matching of videos: the text encoder reads a caption with the states of all frames' tokens one after another, and a head of two
/// classes says whether both belong together; cross-entropy over the pairs of <see cref="HardNegativePairs"/>. Of BLIP
/// (https://github.com/salesforce/BLIP, models/blip_retrieval.py), for videos as in appendix E of https://arxiv.org/abs/2404.17498.
/// </summary>
/// <param name="model">The network; the caller owns it.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="chunk">Texts that go through the network at once.</param>
/// <param name="encode">Runs the network in the precision of the training.</param>
internal sealed class ImageTextMatching(BlipRetrievalModel model, int seed, int chunk, Func<Func<Tensor>, Tensor> encode)
{
    /// <summary>
    /// Computes the loss, the mean over the pairs, in parts that add up to it, so that only one part's activations are in memory:
    /// backpropagate each before asking for the next. A video's pairs are read together, so that its states are projected once for several texts.
    /// </summary>
    /// <param name="states">[B·N, P, Dv], a leaf that has a gradient already; each video's gradient is added to it.</param>
    /// <param name="framesPerVideo">N.</param>
    /// <param name="ids">[K, T], token ids of the captions that exist.</param>
    /// <param name="pairs">The pairs to learn from.</param>
    /// <returns>Scalars; the next step of the enumeration disposes them.</returns>
    internal IEnumerable<Tensor> Losses(Tensor states, int framesPerVideo, Tensor ids, HardNegativePairs pairs)
    {
        var texts = model.WithEncodeToken(ids);                                                                 // (K, T)
        foreach (var video in Enumerable.Range(0, pairs.Video.Count).GroupBy(pair => pairs.Video[pair]))
        {
            using var scope = NewDisposeScope();
            var own = states.detach().narrow(0, video.Key * framesPerVideo, framesPerVideo)                     // (N, P, Dv)
                .reshape(1, -1, states.shape[2]).requires_grad_();                                              // (1, N·P, Dv)
            foreach (var part in video.Chunk(chunk))
            {
                using var inner = NewDisposeScope();
                var captions = tensor(part.Select(pair => (long)pairs.Caption[pair]).ToArray(), device: ids.device);            // (R)
                var labels = tensor(part.Select(pair => pairs.Matches[pair] ? 1L : 0L).ToArray(), device: ids.device);          // (R)
                var logits = encode(() => model.MatchLogits(texts.index_select(0, captions), own)).to(states.dtype);            // (R, 2)
                yield return nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.Sum).Over(pairs.Video.Count);
            }
            AddGradient(states, own, video.Key * framesPerVideo, framesPerVideo);
        }
    }

    /// <summary>Draws the pairs of a batch; seed and step determine them.</summary>
    /// <param name="pairScores">S, [B, B, L].</param>
    /// <param name="logScale">ln of the factor between a cosine and a logit, a scalar.</param>
    /// <param name="captionMask">[B, L], true where there is a caption.</param>
    /// <param name="step">The step in the whole run, from 0.</param>
    /// <param name="masked">[B, B], true where two videos are no negatives of each other; null = nowhere.</param>
    internal HardNegativePairs Draw(Tensor pairScores, Tensor logScale, Tensor captionMask, int step, bool[,]? masked = null)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var places = captionMask.flatten().nonzero().squeeze(1);                                                // (K)
        var perVideo = captionMask.shape[1];
        var targets = places.cpu().data<long>().Select(place => (int)(place / perVideo)).ToArray();
        var logits = (pairScores * logScale.exp()).flatten(1).index_select(1, places).to(ScalarType.Float32).cpu();    // (B, K)
        var values = new float[captionMask.shape[0], targets.Length];
        var flat = logits.contiguous().data<float>();
        for (var video = 0; video < values.GetLength(0); video++)
            for (var k = 0; k < targets.Length; k++) values[video, k] = flat[(video * targets.Length) + k];
        var draws = new DrawSequence(seed, step, HardNegativePairs.DrawName);
        return HardNegativePairs.Draw(values, targets, ref draws, masked);
    }

    /// <summary>Adds the gradient of one video's states to that of all states.</summary>
    private static void AddGradient(Tensor states, Tensor own, int first, int count)
    {
        using var noGradient = no_grad();
        states.grad!.narrow(0, first, count).add_(own.grad!.view(count, -1, states.shape[2]), TensorArithmetic.One);
    }
}

/// <summary>
/// The pairs of a batch whose match is trained, as in BLIP (https://github.com/salesforce/BLIP, models/blip_retrieval.py): every caption with
/// its own video; every video with a caption of another, and every caption with another video, each drawn by the softmax of the
/// similarities, so that those that are hard to tell apart come up most.
/// </summary>
/// <param name="Video">The video of each pair, 0 to B − 1.</param>
/// <param name="Caption">The caption of each pair, 0 to K − 1, counted through the captions that exist.</param>
/// <param name="Matches">Whether they belong together.</param>
public sealed record HardNegativePairs(IReadOnlyList<int> Video, IReadOnlyList<int> Caption, IReadOnlyList<bool> Matches)
{
    /// <summary>Names the random numbers: another name would draw other pairs, and so train other weights.</summary>
    public const string DrawName = "MatchingPairs";

    /// <summary>Draws the negatives.</summary>
    /// <param name="logits">[B, K]: scaled similarities.</param>
    /// <param name="targets">[K]: the video of each caption; at least two videos have one.</param>
    /// <param name="draws">The random numbers.</param>
    /// <param name="masked">
    /// [B, B], true where a video and another one's captions are no negatives of each other; null = nowhere. Where no negative is left, none is drawn.
    /// </param>
    public static HardNegativePairs Draw(float[,] logits, IReadOnlyList<int> targets, ref DrawSequence draws, bool[,]? masked = null)
    {
        var (videos, captions, matches) = (new List<int>(), new List<int>(), new List<bool>());
        void Add(int video, int caption, bool match)
        {
            videos.Add(video);
            captions.Add(caption);
            matches.Add(match);
        }
        for (var k = 0; k < targets.Count; k++) Add(targets[k], k, match: true);
        bool AreNegatives(int video, int owner) => video != owner && masked?[video, owner] != true;
        var all = Enumerable.Range(0, logits.GetLength(0)).ToArray();
        foreach (var video in all)
        {
            var others = Enumerable.Range(0, targets.Count).Where(k => AreNegatives(video, targets[k])).ToArray();
            if (others.Length > 0) Add(video, others[Choose([.. others.Select(k => logits[video, k])], draws.NextDouble())], match: false);
        }
        for (var k = 0; k < targets.Count; k++)
        {
            var others = all.Where(video => AreNegatives(video, targets[k])).ToArray();
            if (others.Length > 0) Add(others[Choose([.. others.Select(video => logits[video, k])], draws.NextDouble())], k, match: false);
        }
        return new(videos, captions, matches);
    }

    /// <summary>Chooses an index by the softmax of the logits.</summary>
    /// <param name="logits">At least one.</param>
    /// <param name="draw">In [0, 1).</param>
    private static int Choose(float[] logits, double draw)
    {
        var highest = logits.Max();
        var weights = logits.Select(logit => Math.Exp((double)logit - highest)).ToArray();
        var rest = draw * weights.Sum();
        for (var i = 0; i < weights.Length - 1; i++)
        {
            rest -= weights[i];
            if (rest < 0) return i;
        }
        return weights.Length - 1;
    }
}
