using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Layers;
using VideoCaptionRetrieval.Models.Native;
using VideoCaptionRetrieval.Models.Tokenization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Blip;

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

    /// <summary>Copies the text side of a checkpoint into a folder: configuration, tokenizer files, and its weights.</summary>
    /// <exception cref="ModelFileException">The checkpoint is incomplete or damaged.</exception>
    internal static void Extract(BlipCheckpoint source, string folder)
    {
        Directory.CreateDirectory(folder);
        source.Config.Write(folder, BlipTask.Retrieval);
        source.LoadTokenizer().Save(folder);
        using var weights = source.OpenWeights();
        SafetensorsWriter.Copy(Path.Combine(folder, CheckpointFiles.Weights), weights, weights.Entries.Keys
            .Where(BlipTextSide.Has).Where(name => !name.EndsWith(ModuleLoading.PositionBuffers, StringComparison.Ordinal)));
    }

    /// <summary>Loads what <see cref="Extract"/> wrote.</summary>
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
        var ids = tensor(_tokenizer.EncodeBatch([text], BlipEncoder.MaxLengthOf(_config)));
        return _network.Encode(ids).contiguous().data<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    /// <summary>The text encoder with its projection. Field names are those of the Hugging Face state dict.</summary>
    private sealed class BlipTextSide : nn.Module
    {
        private readonly BlipTextModel text_encoder;
        private readonly BareLinear text_proj;

        internal BlipTextSide(BlipConfig config) : base(nameof(BlipTextSide))
        {
            text_encoder = new(config.Text, config.Vision.HiddenSize);
            text_proj = new(config.Text.HiddenSize, config.ProjectionSize);
            RegisterComponents();
        }

        /// <summary>Whether a tensor of the whole checkpoint belongs to it.</summary>
        internal static bool Has(string name) => name.StartsWith(nameof(text_encoder) + ".", StringComparison.Ordinal)
            || name.StartsWith(nameof(text_proj) + ".", StringComparison.Ordinal);

        /// <summary>[1, T] ids of one text, without padding → [1, D].</summary>
        internal Tensor Encode(Tensor ids) => text_proj.forward(text_encoder.Encode(ids, ones_like(ids, ScalarType.Bool)).select(1, 0));
    }
}
