using TorchSharp;
using TorchSharp.Modules;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>
/// BLIP for retrieval (Li, Li, Xiong, Hoi, arXiv 2201.12086), computed as BlipForImageTextRetrieval of transformers 4.46 does (tag v4.46.3,
/// models/blip): two towers with projections, and a text encoder that reads an image to say whether both match. The scale is the authors'
/// (https://github.com/salesforce/BLIP, models/blip_retrieval.py, 'temp'). Parameter names are those of the Hugging Face state dict. Forward
/// passes are thread-safe (no_grad is per thread). The caller owns and disposes it.
/// </summary>
public sealed class BlipRetrievalModel : DualEncoderModel
{
    private readonly Parameter logit_scale;         // [], ln of the scale
    private readonly BlipVisionModel vision_model;
    private readonly BlipTextModel text_encoder;
    private readonly Linear vision_proj, text_proj, itm_head;

    /// <summary>Allocates the parameters on the CPU without filling them.</summary>
    public BlipRetrievalModel(BlipConfig config) : base(nameof(BlipRetrievalModel))
    {
        Config = config;
        logit_scale = UninitializedParameter.Create();
        vision_model = new(config.Vision);
        text_encoder = new(config.Text, config.Vision.HiddenSize);
        vision_proj = new(config.Vision.HiddenSize, config.ProjectionSize);
        text_proj = new(config.Text.HiddenSize, config.ProjectionSize);
        itm_head = new(config.Text.HiddenSize, 2);
        RegisterComponents();
    }

    /// <summary>The configuration.</summary>
    public BlipConfig Config { get; }

    /// <inheritdoc/>
    public override Parameter LogScale => logit_scale;

    /// <inheritdoc/>
    internal override int Dimension => Config.ProjectionSize;

    /// <inheritdoc/>
    internal override long ImageActivationBytes =>
        ActivationEstimate.Bytes(Config.Vision.Positions, Config.Vision.HiddenSize, Config.Vision.Layers, Config.Vision.Heads);

    /// <summary>Creates the network of a checkpoint and loads its weights.</summary>
    /// <exception cref="Models.ModelFileException">A tensor is missing, left over, or of another shape.</exception>
    internal static BlipRetrievalModel Load(BlipCheckpoint checkpoint)
    {
        TorchRuntime.EnsureLoaded();
        using var file = checkpoint.OpenWeights();
        return ModuleLoading.LoadOrDispose(new BlipRetrievalModel(checkpoint.Config), file);
    }

    /// <summary>Creates a model with random weights, the same for the same seed.</summary>
    public static BlipRetrievalModel Create(BlipConfig config, int seed)
    {
        TorchRuntime.EnsureLoaded();
        var model = new BlipRetrievalModel(config);
        BlipInitialisation.Fill(model, config, seed);
        return model;
    }

    /// <summary>Writes config.json, with the current scale, and model.safetensors, as transformers does.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        (Config with { LogScale = logit_scale.item<float>() }).Write(folder, BlipTask.Retrieval);
        TorchWeights.Write(Path.Combine(folder, CheckpointFiles.Weights),
            state_dict().Where(named => named.Key != BlipWeightNames.LogScale));
    }

    /// <inheritdoc/>
    public override Tensor EncodeImages(Tensor pixelValues)
    {
        using var scope = NewDisposeScope();
        return ProjectImages(EncodeImageTokens(pixelValues)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor EncodeTexts(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return text_proj.forward(TextHidden(ids).select(1, 0)).MoveToOuterDisposeScope();
    }

    /// <summary>Encodes normalised images [B, 3, S, S] as states of their tokens [B, 1 + patches, Dv].</summary>
    public Tensor EncodeImageTokens(Tensor pixelValues) => vision_model.forward(pixelValues);

    /// <summary>Projects the class token's state of [B, P, Dv] to embeddings [B, D], not normalised.</summary>
    public Tensor ProjectImages(Tensor imageTokens) => vision_proj.forward(imageTokens.select(1, 0));

    /// <summary>Encodes ids [B, T] without an image as states [B, T, Dt]; those of padding are undefined.</summary>
    internal Tensor TextHidden(Tensor ids) => text_encoder.Encode(ids, Mask(ids));

    /// <summary>Computes matching logits [B, 2] of texts and images: 'no' and 'yes'.</summary>
    /// <param name="ids">[B, T], with [ENC] first as in the authors' retrieval: <see cref="WithEncodeToken"/>.</param>
    /// <param name="imageTokens">
    /// [images, P, Dv]; for a video, the states of all frames' tokens in sequence. Each image has the same number of texts, ordered by image.
    /// </param>
    public Tensor MatchLogits(Tensor ids, Tensor imageTokens)
    {
        using var scope = NewDisposeScope();
        return itm_head.forward(text_encoder.Encode(ids, Mask(ids), imageTokens).select(1, 0)).MoveToOuterDisposeScope();
    }

    /// <summary>Replaces [CLS] by [ENC] in ids [B, T].</summary>
    public Tensor WithEncodeToken(Tensor ids)
    {
        using Scalar token = Config.Text.EncodeId;
        var changed = ids.clone();
        using var first = changed.select(1, 0);
        first.fill_(token);
        return changed;
    }

    /// <summary>Computes the attention mask: true except at padding.</summary>
    private Tensor Mask(Tensor ids) => ids.EqualTo(Config.Text.PaddingId).logical_not();
}
