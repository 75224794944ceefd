using TorchSharp;
using VideoCaptionRetrieval.Torch.Blip;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Native;
using VideoCaptionRetrieval.Torch.Objective;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training;

/// <summary>The losses of one step, before its update.</summary>
/// <param name="VideoToCaption">Over the videos' captions.</param>
/// <param name="CaptionToVideo">Over the captions' videos.</param>
/// <param name="Total">Both together, as the options say, and <paramref name="Matching"/>.</param>
/// <param name="Matching">Of image-text matching; 0 where it is not trained.</param>
internal readonly record struct TrainingLosses(double VideoToCaption, double CaptionToVideo, double Total, double Matching = 0);

/// <summary>
/// The training step: embed, compare every video with every video's captions, symmetric cross-entropy, backpropagate chunk by chunk,
/// update. Not thread-safe: one step at a time, all on one thread. The model and the optimiser belong to the caller.
/// </summary>
internal sealed class TrainingStep
{
    /// <summary>The trained scale stays at or below 100 (CLIP, section 2.5; CLIP4Clip clamps after each step too).</summary>
    private static readonly double MaxLogScale = Math.Log(100);

    private readonly DualEncoderModel _model;
    private readonly Adam _optimiser;
    private readonly MultiCaptionRetrievalOptions _options;
    private readonly int _chunk;
    private readonly Func<Tensor, Tensor> _encodeImages, _projectImages;
    private readonly ImageTextMatching? _matching;

    /// <param name="model">The network.</param>
    /// <param name="optimiser">Of its parameters that are trained.</param>
    /// <param name="options">Valid options.</param>
    /// <exception cref="ArgumentException">Image-text matching is to be trained, and the network is not a BLIP.</exception>
    internal TrainingStep(DualEncoderModel model, Adam optimiser, MultiCaptionRetrievalOptions options)
    {
        (_model, _optimiser, _options) = (model, optimiser, options);
        _chunk = options.ChunkSize ?? MultiCaptionRetrievalOptions.DefaultChunkSize;
        GradientScaler = options.Precision == TrainingPrecision.Half ? new() : null;
        (_encodeImages, _projectImages) = (model.EncodeImages, embeddings => embeddings);
        if (!options.Objective.ImageTextMatching) return;
        var blip = model as BlipRetrievalModel
            ?? throw new ArgumentException("Image-text matching is trained with a BLIP network only.", nameof(options));
        // The matching reads the states of all tokens; the embeddings are projections of the first one's.
        (_encodeImages, _projectImages) = (blip.EncodeImageTokens, blip.ProjectImages);
        _matching = new(blip, options.Seed ?? 0, _chunk, InPrecision);
    }

    /// <summary>The factor on gradients in float16; null in other precisions.</summary>
    internal GradientScaler? GradientScaler { get; }

    /// <summary>Computes the losses of a batch and leaves their gradients in the model's parameters.</summary>
    internal TrainingLosses Backward(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        _optimiser.ClearGradients();
        var (videos, frames, captions) = (batch.Videos, batch.FramesPerVideo, (int)batch.Ids.shape[0]);         // B, N, K
        var objective = _options.Objective;
        var gradCache = new GradCache(_chunk);
        var images = gradCache.Encode(videos * frames,                                                          // (B·N, D) or states (B·N, P, Dv)
            (start, count) => InPrecision(() => _encodeImages(batch.Pixels(start, count))));
        var texts = gradCache.Encode(captions,                                                                  // (K, D)
            (start, count) => InPrecision(() => _model.EncodeTexts(batch.Ids.narrow(0, start, count))));

        var v = _projectImages(images).reshape(videos, frames, -1);                                             // (B, N, D)
        var c = Scatter(texts, batch.CaptionMask);                                                              // (B, L, D)
        var s = MultiCaptionQueryScoring.PairScores(v, c, objective.FrameScoring, captionMask: batch.CaptionMask);      // (B, B, L), equation 2
        var phi = MultiCaptionQueryScoring.Similarity(s, objective.CaptionWeighting, batch.CaptionMask, batch.Scores);  // (B, B), equation 1
        var logScale = LogScale(phi);
        var masked = batch.Masked is { } pairs ? tensor(pairs, device: phi.device) : null;                      // (B, B)
        var contrast = InfoNce.Symmetric(phi, logScale, masked);                                                // equation 3

        var loss = GradCache.Accumulate([contrast.Combine(objective.BidirectionalLoss)]);
        var matching = GradCache.Accumulate(
            _matching?.Losses(images, frames, batch.Ids, _matching.Draw(s, logScale, batch.CaptionMask, batch.Step, batch.Masked)) ?? []);
        gradCache.Backward(GradientScaler?.Value ?? 1);
        return new(Value(contrast.VideoToCaption), Value(contrast.CaptionToVideo), loss + matching, matching);
    }

    /// <summary>Moves the parameters along the gradients.</summary>
    /// <param name="factor">The schedule's factor on the learning rates.</param>
    internal void Update(double factor)
    {
        if (GradientScaler is not null && !Unscale(GradientScaler)) return;
        if (_options.Optimization.MaxGradientNorm is { } maximum) GradientClipping.Apply([.. _optimiser.Parameters], maximum);
        _optimiser.Step(factor);
        if (_options.Objective.FixedLogitScale is not null || !_model.LogScale.requires_grad) return;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Scalar maximumScale = MaxLogScale;
        _model.LogScale.clamp_(max: maximumScale);
    }

    /// <summary>Runs a network in the precision of the training.</summary>
    private Tensor InPrecision(Func<Tensor> encode)
    {
        if (_options.Precision == TrainingPrecision.Full) return encode();
        using var autocast = Autocast.Begin(
            _options.Precision == TrainingPrecision.Half ? ScalarType.Float16 : ScalarType.BFloat16, _model.LogScale.device);
        return encode();
    }

    /// <summary>Divides the towers' gradients by the scaler's factor; the logit scale's own came from the loss, in 32 bits.</summary>
    /// <returns>Whether all are finite; else the step is left out.</returns>
    private bool Unscale(GradientScaler scaler)
    {
        var towers = _optimiser.Parameters.Where(parameter => parameter.Handle != _model.LogScale.Handle).ToList();
        using (var noGrad = no_grad())
        using (Scalar inverse = 1 / scaler.Value)
            foreach (var parameter in towers) parameter.grad?.mul_(inverse);
        var finite = double.IsFinite(GradientClipping.Norm(towers));
        scaler.Update(finite);
        return finite;
    }

    /// <summary>ln of the factor between a similarity and a logit.</summary>
    private Tensor LogScale(Tensor phi) => _options.Objective.FixedLogitScale is { } scale
        ? tensor(Math.Log(scale), dtype: phi.dtype, device: phi.device)
        : _model.LogScale.to(phi.dtype);

    /// <summary>[K, D] → [B, L, D]: each caption at its place, zeros where there is none.</summary>
    private static Tensor Scatter(Tensor embeddings, Tensor mask)
    {
        var places = mask.flatten().nonzero().squeeze(1);                                                       // (K)
        return zeros(mask.numel(), embeddings.shape[1], dtype: embeddings.dtype, device: embeddings.device)     // (B·L, D)
            .index_copy(0, places, embeddings).reshape(mask.shape[0], mask.shape[1], -1);                       // (B, L, D)
    }

    private static double Value(Tensor scalar) => scalar.to(ScalarType.Float64).item<double>();
}
