using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>The text side of a BLIP retrieval checkpoint, on the CPU, in libtorch.</summary>
/// <inheritdoc cref="ITextEncoder"/>
internal sealed class BlipTextEncoder : ITextEncoder
{
    private readonly BlipTextSide _network;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly BlipConfig _config;

    private BlipTextEncoder(BlipTextSide network, WordPieceTokenizer tokenizer, BlipConfig config) =>
        (_network, _tokenizer, _config) = (network, tokenizer, config);

    /// <inheritdoc/>
    public int Dimension => _config.ProjectionSize;

    /// <summary>Loads what <see cref="Models.Families.DualEncoderCheckpoint.ExtractText"/> wrote.</summary>
    /// <exception cref="ModelFileException">A file is missing, damaged, or asks for something not implemented.</exception>
    internal static BlipTextEncoder Load(string folder)
    {
        TorchRuntime.EnsureLoaded();
        var (config, tokenizer) = (BlipConfig.Read(folder), WordPieceTokenizer.Load(folder));
        using var file = new SafetensorsFile(Path.Combine(folder, CheckpointFiles.Weights));
        return new(ModuleLoading.LoadOrDispose(new BlipTextSide(config), file), tokenizer, config);
    }

    /// <inheritdoc/>
    public float[] Embed(string text)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var ids = tensor(_tokenizer.EncodeBatch([text], TorchBlipEncoder.MaxLengthOf(_config)));
        return _network.Encode(ids).contiguous().data<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    /// <summary>The text encoder with its projection. Field names are those of the Hugging Face state dict.</summary>
    private sealed class BlipTextSide : nn.Module
    {
        private readonly BlipTextModel text_encoder;
        private readonly Linear text_proj;

        internal BlipTextSide(BlipConfig config) : base(nameof(BlipTextSide))
        {
            text_encoder = new(config.Text, config.Vision.HiddenSize);
            text_proj = new(config.Text.HiddenSize, config.ProjectionSize);
            RegisterComponents();
        }

        /// <summary>[1, T] ids of one text, without padding → [1, D].</summary>
        internal Tensor Encode(Tensor ids) => text_proj.forward(text_encoder.Encode(ids, ones_like(ids, ScalarType.Bool)).select(1, 0));
    }
}
