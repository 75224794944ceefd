using TorchSharp;
using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Objective;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>
/// The training step: embed, compare every video with every video's captions, symmetric cross-entropy, backpropagate chunk by chunk,
/// update. Not thread-safe: one step at a time, all on one thread. The model and the optimiser belong to the caller.
/// </summary>
internal sealed class ContrastiveStep(DualEncoderModel model, Adam optimiser, ContrastiveStepOptions options)
{
    /// <summary>The trained scale stays at or below 100 (CLIP, section 2.5; CLIP4Clip clamps after each step too).</summary>
    private static readonly double LargestLogScale = Math.Log(100);

    private readonly MatchingLoss? _matching = !options.ImageTextMatching
        ? null
        : model is BlipRetrievalModel blip
            ? new(blip, options.Seed, options.ChunkSize)
            : throw new ArgumentException("Image-text matching is trained with a BLIP network alone.", nameof(options));

    /// <summary>The factor on gradients in float16; null in other precisions.</summary>
    internal GradientScale? Scale { get; } = options.Precision == TrainingPrecision.Half ? new() : null;

    /// <summary>Images and texts that go through the network at once.</summary>
    internal int ChunkSize => options.ChunkSize;

    /// <summary>The losses of a batch, and their gradients in the model's parameters.</summary>
    internal ContrastiveLosses Backpropagate(ContrastiveBatch batch)
    {
        using var scope = NewDisposeScope();
        optimiser.ClearGradients();
        var images = new CachedEncoding(batch.Videos * batch.FramesPerVideo, options.ChunkSize,
            (start, count) => Encode(() => EncodeImages(batch.Pixels(start, count))));
        var texts = new CachedEncoding((int)batch.Ids.shape[0], options.ChunkSize,
            (start, count) => Encode(() => model.EncodeTexts(batch.Ids.narrow(0, start, count))));

        var embeddings = _matching?.Model.ProjectImages(images.Embeddings) ?? images.Embeddings;                // (B·N, D)
        var frames = embeddings.reshape(batch.Videos, batch.FramesPerVideo, -1);                                // (B, N, D)
        var captions = Spread(texts.Embeddings, batch.CaptionMask);                                             // (B, L, D)
        var similarity = MultiCaptionSimilarity.Compute(frames, captions, options.Similarity, captionMask: batch.CaptionMask);
        var phi = MultiCaptionSimilarity.Combine(similarity, options.CaptionWeighting, batch.CaptionMask, batch.Scores);
        var loss = MultiCaptionLoss.Compute(phi, LogScale(phi));
        var total = loss.Reduce(options.Reduction);
        total.backward();
        var matching = _matching?.Backpropagate(batch, images.Embeddings, similarity, LogScale(phi).exp(), Encode) ?? 0;
        images.Backpropagate(Scale?.Value ?? 1);
        texts.Backpropagate(Scale?.Value ?? 1);
        return new(Value(loss.VideoToCaption), Value(loss.CaptionToVideo), Value(total) + matching, matching);
    }

    /// <summary>Moves the parameters along the gradients.</summary>
    /// <param name="factor">The schedule's factor on the learning rates.</param>
    internal void Update(double factor)
    {
        if (Scale is not null && !Unscale(Scale)) return;
        if (options.MaxGradientNorm is { } maximum) GradientClipping.Apply([.. optimiser.Parameters], maximum);
        optimiser.Step(factor);
        if (options.FixedScale is not null || !model.LogScale.requires_grad) return;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using Scalar largest = LargestLogScale;
        model.LogScale.clamp_(max: largest);
    }

    /// <summary>Embeddings [B, D]; where matching is trained, the states [B, P, Dv] that the embeddings and the matching are made of.</summary>
    private Tensor EncodeImages(Tensor pixels) => _matching?.Model.EncodeImageTokens(pixels) ?? model.EncodeImages(pixels);

    /// <summary>Runs a tower in the precision that was asked for.</summary>
    private Tensor Encode(Func<Tensor> encode)
    {
        if (options.Precision == TrainingPrecision.Full) return encode();
        using var autocast = Autocast.Begin(
            options.Precision == TrainingPrecision.Half ? ScalarType.Float16 : ScalarType.BFloat16, model.LogScale.device);
        return encode();
    }

    /// <summary>Takes the factor from the gradients of the towers; the scale's own came from the loss, in 32 bits.</summary>
    /// <returns>Whether they are numbers; else the step is left out.</returns>
    private bool Unscale(GradientScale scale)
    {
        var towers = optimiser.Parameters.Where(parameter => parameter.Handle != model.LogScale.Handle).ToList();
        using (var noGrad = no_grad())
        using (Scalar inverse = 1 / scale.Value)
            foreach (var parameter in towers) parameter.grad?.mul_(inverse);
        var finite = double.IsFinite(GradientClipping.Norm(towers));
        scale.Update(finite);
        return finite;
    }

    private Tensor LogScale(Tensor phi) => options.FixedScale is { } scale
        ? tensor(Math.Log(scale), dtype: phi.dtype, device: phi.device)
        : model.LogScale.to(phi.dtype);

    /// <summary>[K, D] → [B, L, D]: each caption at its place, zeros where there is none.</summary>
    private static Tensor Spread(Tensor embeddings, Tensor mask)
    {
        var places = mask.flatten().nonzero().squeeze(1);                                                       // (K)
        return zeros(mask.numel(), embeddings.shape[1], dtype: embeddings.dtype, device: embeddings.device)
            .index_copy(0, places, embeddings).reshape(mask.shape[0], mask.shape[1], -1);
    }

    private static double Value(Tensor scalar) => scalar.to(ScalarType.Float64).item<double>();
}
