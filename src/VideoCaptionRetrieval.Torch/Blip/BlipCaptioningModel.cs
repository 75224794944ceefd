using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>
/// BLIP for image captioning (Li, Li, Xiong, Hoi, arXiv 2201.12086), computed as BlipForConditionalGeneration of transformers 4.46 does
/// (tag v4.46.3, models/blip). Parameter names are those of its state dict. Forward passes are thread-safe. The caller owns and disposes it.
/// </summary>
public sealed class BlipCaptioningModel : nn.Module
{
    private readonly BlipVisionModel vision_model;
    private readonly BlipTextDecoder text_decoder;

    /// <summary>Allocates the parameters on the CPU without filling them.</summary>
    public BlipCaptioningModel(BlipConfig config, BlipHeadLayout head) : base(nameof(BlipCaptioningModel))
    {
        Config = config;
        vision_model = new(config.Vision);
        text_decoder = new(config.Text, config.Vision.HiddenSize, head);
        RegisterComponents();
    }

    /// <summary>The configuration.</summary>
    public BlipConfig Config { get; }

    /// <summary>Loads a checkpoint in any layout; weights of any floating-point type become float32.</summary>
    /// <exception cref="ModelFileException">A file or tensor is missing, damaged, of a wrong shape, or unknown.</exception>
    internal static BlipCaptioningModel Load(string folder) => Load(BlipCheckpoint.Open(folder));

    /// <summary>Creates the network of a checkpoint and loads its weights.</summary>
    /// <exception cref="Models.ModelFileException">A tensor is missing, left over, or of another shape.</exception>
    internal static BlipCaptioningModel Load(BlipCheckpoint checkpoint)
    {
        TorchRuntime.EnsureLoaded();
        using var file = checkpoint.OpenWeights();
        var head = BlipHeadLayout.Find(file, checkpoint.Config.MayTieWordEmbeddings);
        return ModuleLoading.LoadOrDispose(new BlipCaptioningModel(checkpoint.Config, head), file);
    }

    /// <summary>Creates a model with random weights, the same for the same seed: normal with the configured deviation, norms 1, biases 0.</summary>
    public static BlipCaptioningModel Create(BlipConfig config, int seed)
    {
        TorchRuntime.EnsureLoaded();
        var model = new BlipCaptioningModel(config, BlipHeadLayout.Untied);
        BlipInitialisation.Fill(model, config, seed);
        return model;
    }

    /// <summary>Writes config.json and model.safetensors.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        Config.Write(folder, BlipTask.Captioning);
        TorchWeights.Write(Path.Combine(folder, CheckpointFiles.Weights), state_dict());
    }

    /// <summary>Writes a complete checkpoint: also vocab.txt, tokenizer_config.json and preprocessor_config.json.</summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <param name="tokenizer">Vocabulary and settings.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    public void Save(string folder, WordPieceTokenizer tokenizer) =>
        BlipFolder.Write(folder, Save, tokenizer, new(new(Config.Vision.ImageSize, FrameFit.Stretch)));

    /// <summary>Encodes normalised images [B, 3, S, S] as image tokens [B, 1 + patches, D].</summary>
    public Tensor EncodeImages(Tensor pixelValues) => vision_model.forward(pixelValues);

    /// <summary>Computes logits [B, T, V] of texts [B, T], text b with image b; causal, padding ids are ordinary tokens.</summary>
    public Tensor Logits(Tensor ids, Tensor imageTokens)
    {
        using var scope = NewDisposeScope();
        var caches = text_decoder.CreateCaches(imageTokens, (int)ids.shape[1]);
        try
        {
            return text_decoder.Logits(text_decoder.Hidden(ids, 0, caches)).MoveToOuterDisposeScope();
        }
        finally
        {
            foreach (var cache in caches) cache.Dispose();
        }
    }

    /// <summary>Creates a decoder for the image tokens [B, 1 + patches, D]. The caller owns and disposes it.</summary>
    internal BlipStepDecoder StartDecoding(Tensor imageTokens, int maxLength) =>
        new(text_decoder, Config.Text.VocabularySize, imageTokens, maxLength);
}
