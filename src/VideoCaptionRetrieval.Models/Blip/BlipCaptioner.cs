using System.Runtime.InteropServices;
using TorchSharp;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Native;
using VideoCaptionRetrieval.Models.Tokenization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Captions images with a BLIP checkpoint. Thread-safe: calls wait for each other. Whoever loads it disposes it.</summary>
internal sealed class BlipCaptioner : IImageCaptioner
{
    /// <summary>
    /// Images that run through the network at once: enough to keep a processor busy, while the keys and values of their tokens
    /// (42 MB an image for the published base model) stay below half a gigabyte.
    /// </summary>
    internal const int DefaultBatchSize = 8;

    private readonly Lock _gate = new();
    private readonly BlipModel _model;
    private readonly Device _device;
    private readonly ImagePreprocessing _preprocessing;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly GenerationRules _rules;
    private readonly int[] _prompt;
    private readonly int _batchSize;
    private readonly Lazy<string> _identity;
    private bool _disposed;

    private BlipCaptioner(BlipModel model, ImagePreprocessing preprocessing, WordPieceTokenizer tokenizer, GenerationRules rules,
        int[] prompt, Lazy<string> identity, Device device, int batchSize)
    {
        (_model, _preprocessing, _tokenizer, _rules, _prompt) = (model, preprocessing, tokenizer, rules, prompt);
        (_identity, _device, _batchSize) = (identity, device, batchSize);
    }

    public FrameFormat FrameFormat => _preprocessing.Format;

    /// <summary>The first call hashes the checkpoint's files.</summary>
    public string Identity => _identity.Value;

    /// <summary>
    /// Opens a folder in Hugging Face layout: config.json, model.safetensors, vocab.txt, tokenizer_config.json, preprocessor_config.json.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Decoding settings; later changes to the object have no effect.</param>
    /// <param name="device">Where the network runs; null = CPU.</param>
    /// <param name="batchSize">Images at once; captions do not depend on it.</param>
    /// <exception cref="ArgumentException">Options are out of range, or the checkpoint has no room for such long texts.</exception>
    /// <exception cref="ModelFileException">A file is missing or damaged, or holds something that is not implemented.</exception>
    internal static BlipCaptioner Load(string folder, GenerationOptions options, Device? device = null, int batchSize = DefaultBatchSize)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        options.Validate();
        if (!Directory.Exists(folder))
        {
            throw new ModelFileException(
                folder, $"the folder does not exist; expected a BLIP checkpoint in Hugging Face layout; {MissingModel.Advice}");
        }
        var config = BlipConfig.Read(folder);
        var tokenizer = WordPieceTokenizer.Load(folder);
        var preprocessing = ImagePreprocessing.Read(folder);
        DemandOneImageSize(folder, config, preprocessing);
        DemandOneVocabulary(folder, config, tokenizer);
        var rules = GenerationRules.From(options, config.Text.EndId);
        var prompt = BlipPrompt.Of(options.Prompt, tokenizer, config.Text);
        DemandRoom(folder, config, rules, prompt);
        var (identity, where) = (BlipIdentity.Lazily(folder, rules, options.Prompt), device ?? CPU);
        var model = BlipModel.Load(folder);
        model.to(where);
        return new(model, preprocessing, tokenizer, rules, prompt, identity, where, batchSize);
    }

    public IReadOnlyList<string> Caption(ReadOnlyMemory<byte> frames, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var expected = (long)count * FrameFormat.FrameBytes;
        if (frames.Length != expected)
        {
            throw new ArgumentException($"{count} frames of [{FrameFormat.Size}, {FrameFormat.Size}, 3] are {expected} bytes; "
                + $"found {frames.Length}.", nameof(frames));
        }
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var captions = new List<string>(count);
            for (var first = 0; first < count; first += _batchSize)
            {
                var size = Math.Min(_batchSize, count - first);
                var batch = frames.Span.Slice(first * FrameFormat.FrameBytes, size * FrameFormat.FrameBytes);
                captions.AddRange(CaptionBatch(batch, size, cancellationToken));
            }
            return captions;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            _model.Dispose();
        }
    }

    private IEnumerable<string> CaptionBatch(ReadOnlySpan<byte> frames, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var decoder = StartDecoding(frames, count);
        return TextGenerator.Generate(decoder, _prompt, _rules, cancellationToken).Select(text =>
            BlipPrompt.Cut(text.Ids, _prompt, _tokenizer));
    }

    private BlipStepDecoder StartDecoding(ReadOnlySpan<byte> frames, int count)
    {
        TorchRuntime.EnsureLoaded();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var pixelValues = empty(count, 3, FrameFormat.Size, FrameFormat.Size);
        _preprocessing.Normalise(frames, count, MemoryMarshal.Cast<byte, float>(pixelValues.bytes));
        return _model.StartDecoding(_model.EncodeImages(pixelValues.to(_device)), _rules.MaxLength);
    }

    private static void DemandOneImageSize(string folder, BlipConfig config, ImagePreprocessing preprocessing)
    {
        if (preprocessing.Format.Size != config.Vision.ImageSize)
        {
            throw new ModelFileException(folder, $"{CheckpointFiles.Preprocessor} makes images of {preprocessing.Format.Size} pixels, "
                + $"{CheckpointFiles.Configuration}'s vision_config.image_size is '{config.Vision.ImageSize}'; expected the same size.");
        }
    }

    private static void DemandOneVocabulary(string folder, BlipConfig config, WordPieceTokenizer tokenizer)
    {
        if (tokenizer.VocabularySize > config.Text.VocabularySize)
        {
            throw new ModelFileException(folder,
                $"vocab.txt has {tokenizer.VocabularySize} tokens, config.json's text_config.vocab_size is "
                + $"'{config.Text.VocabularySize}'; expected no more tokens than that.");
        }
    }

    private static void DemandRoom(string folder, BlipConfig config, GenerationRules rules, int[] prompt)
    {
        if (rules.MaxLength > config.Text.Positions)
        {
            throw new ArgumentException($"MaxLength is '{rules.MaxLength}'; '{folder}' has positions for {config.Text.Positions} tokens.",
                nameof(rules));
        }
        TextGenerator.DemandRoom(prompt.Length, rules);
    }
}
