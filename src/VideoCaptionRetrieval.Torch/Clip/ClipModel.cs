using TorchSharp.Modules;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Clip;

/// <summary>
/// The CLIP dual encoder (Radford et al., arXiv 2103.00020), in fp32. Parameter names are Hugging Face's state-dict names.
/// Thread-safe for inference (no_grad is per thread). The caller owns and disposes it.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1051", Justification = "TorchSharp names parameters after the fields of a module.")]
public sealed class ClipModel : DualEncoderModel
{
    /// <summary>[], ln of the factor on cosines.</summary>
    public readonly Parameter logit_scale;

    internal readonly ClipTextTower text_model;

    /// <summary>The image tower.</summary>
    public readonly ClipVisionTower vision_model;

    internal readonly Linear visual_projection, text_projection;

    /// <summary>Allocates the parameters on the CPU without filling them.</summary>
    public ClipModel(ClipConfig config) : base(nameof(ClipModel))
    {
        Config = config;
        logit_scale = UninitializedParameter.Create();
        text_model = new(config.Text);
        vision_model = new(config.Vision);
        visual_projection = new(config.Vision.Tower.HiddenSize, config.ProjectionSize, hasBias: false);
        text_projection = new(config.Text.Tower.HiddenSize, config.ProjectionSize, hasBias: false);
        RegisterComponents();
    }

    internal ClipConfig Config { get; }

    /// <inheritdoc/>
    public override Parameter LogScale => logit_scale;

    /// <inheritdoc/>
    internal override int Dimension => Config.ProjectionSize;

    /// <inheritdoc/>
    internal override long ImageActivationBytes =>
        ActivationEstimate.Bytes(Config.Vision.Patches + 1, Config.Vision.Tower.HiddenSize, Config.Vision.Tower.Layers, Config.Vision.Tower.Heads);

    /// <summary>Creates a freshly initialised model; the same seed gives the same bits.</summary>
    public static ClipModel Create(ClipConfig config, int seed)
    {
        TorchRuntime.EnsureLoaded();
        var model = new ClipModel(config);
        ClipInitialisation.Fill(model, seed);
        return model;
    }

    /// <summary>Creates the network of a checkpoint and loads its weights.</summary>
    /// <exception cref="ModelFileException">Configuration, preprocessing and weights do not fit each other.</exception>
    public static ClipModel Load(ClipCheckpoint checkpoint)
    {
        checkpoint.CheckFrames();
        using var file = checkpoint.OpenCheckedWeights();
        return ModuleLoading.LoadOrDispose(new ClipModel(checkpoint.Config), file);
    }

    /// <summary>Writes a complete checkpoint in Hugging Face layout.</summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <param name="processorFiles">Tokenizer files and preprocessor_config.json: name and content.</param>
    /// <exception cref="IOException"><paramref name="folder"/> exists and is not empty.</exception>
    public void Save(string folder, IReadOnlyDictionary<string, byte[]> processorFiles) => AtomicFolder.Write(folder, temporary =>
    {
        foreach (var (name, content) in processorFiles) File.WriteAllBytes(Path.Combine(temporary, name), content);
        File.WriteAllText(Path.Combine(temporary, CheckpointFiles.Configuration), Config.ToJson());
        TorchWeights.Write(Path.Combine(temporary, CheckpointFiles.Weights),
            named_parameters().Select(named => KeyValuePair.Create<string, Tensor>(named.name, named.parameter)));
    });

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The images have another size than the configuration's.</exception>
    public override Tensor EncodeImages(Tensor pixelValues) => EncodeImages(pixelValues, interpolatePositions: false);

    /// <inheritdoc cref="EncodeImages(Tensor)"/>
    /// <param name="pixelValues">[B, 3, H, W].</param>
    /// <param name="interpolatePositions">
    /// Whether images may have another height and width, for which position embeddings are interpolated.
    /// </param>
    /// <exception cref="ArgumentException">The images have another size, and <paramref name="interpolatePositions"/> is false.</exception>
    internal Tensor EncodeImages(Tensor pixelValues, bool interpolatePositions) =>
        visual_projection.forward(vision_model.Forward(pixelValues, interpolatePositions));

    /// <inheritdoc/>
    public override Tensor EncodeTexts(Tensor ids) => text_projection.forward(text_model.Forward(ids));
}
