using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>BLIP for retrieval in libtorch, with its tokenizer and image preprocessing.</summary>
/// <inheritdoc cref="TorchDualEncoder"/>
public sealed class TorchBlipEncoder : TorchDualEncoder, IVideoMatcher
{
    /// <summary>Maximum number of tokens of a text in the authors' retrieval (models/blip_retrieval.py: max_length=35).</summary>
    private const int MaxLength = 35;

    private readonly WordPieceTokenizer _tokenizer;

    private TorchBlipEncoder(BlipRetrievalModel model, WordPieceTokenizer tokenizer, ImagePreprocessing preprocessing, Device device)
        : base(model, preprocessing, device) => (Model, _tokenizer) = (model, tokenizer);

    /// <inheritdoc/>
    internal override BlipRetrievalModel Model { get; }

    /// <summary>Loads a checkpoint.</summary>
    /// <param name="checkpoint">A checkpoint for retrieval, in any layout.</param>
    /// <param name="device">Device of the network; null = the CPU.</param>
    /// <exception cref="ModelFileException">A file is missing, damaged, or does not fit the others.</exception>
    internal static TorchBlipEncoder Load(BlipCheckpoint checkpoint, Device? device = null)
    {
        TorchRuntime.EnsureLoaded();
        var tokenizer = checkpoint.LoadTokenizer();
        return new(BlipRetrievalModel.Load(checkpoint), tokenizer, checkpoint.Preprocessing, device ?? CPU);
    }

    /// <summary>Returns the maximum number of tokens of a text for a network.</summary>
    public static int MaxLengthOf(BlipConfig config) => Math.Min(MaxLength, config.Text.Positions);

    /// <inheritdoc/>
    internal override long[,] Tokenize(IReadOnlyList<string> texts) =>
        _tokenizer.EncodeBatch(texts, MaxLengthOf(Model.Config));

    /// <inheritdoc/>
    internal override bool IsCut(string text) => _tokenizer.Encode(text).Length > MaxLengthOf(Model.Config);

    /// <inheritdoc/>
    public void Match(ReadOnlySpan<byte> frames, int count, IReadOnlyList<string> texts, Span<float> logits)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var tokens = new List<Tensor>();
        for (var start = 0; start < count; start += ImagesAtOnce)
        {
            var images = Math.Min(ImagesAtOnce, count - start);
            tokens.Add(Model.EncodeImageTokens(PixelValues(frames.Slice(start * FrameFormat.FrameBytes, images * FrameFormat.FrameBytes), images)));
        }
        var video = cat(tokens).flatten(0, 1).unsqueeze(0);                                             // (1, N·P, Dv)
        for (var start = 0; start < texts.Count; start += TextsAtOnce)
        {
            using var inner = NewDisposeScope();
            var part = texts.Skip(start).Take(TextsAtOnce).ToList();
            var ids = Model.WithEncodeToken(tensor(Tokenize(part), device: Device));
            Copy(Model.MatchLogits(ids, video).select(1, 1), logits.Slice(start, part.Count));
        }
    }

    /// <inheritdoc/>
    internal override void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        BlipFolder.Write(folder, Model.Save, _tokenizer, Preprocessing);
    }

    /// <inheritdoc/>
    internal override void SaveForInference(string folder) => Save(folder);
}

/// <summary>Runs only the text side of a BLIP retrieval checkpoint, on the CPU in libtorch.</summary>
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

        /// <summary>Embeds the ids [1, T] of one text, without padding, as [1, D].</summary>
        internal Tensor Encode(Tensor ids) => text_proj.forward(text_encoder.Encode(ids, ones_like(ids, ScalarType.Bool)).select(1, 0));
    }
}
