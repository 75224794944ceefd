using System.Runtime.InteropServices;
using TorchSharp;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.ClipCap;

/// <summary>Runs ClipCap as a captioner's network.</summary>
public sealed class ClipCapNetwork : ICaptionNetwork
{
    /// <summary>The token that ends a published captioner's texts.</summary>
    public const string FullStop = ".";
    private readonly Gpt2Tokenizer _tokenizer;
    private readonly OnnxClipEncoder _clip;
    private readonly ClipCapModel _model;
    private readonly Device _device;

    /// <param name="checkpoint">The checkpoint to load.</param>
    /// <param name="device">Device of mapper and GPT-2; null = the CPU.</param>
    /// <param name="clipDevice">Device of the CLIP.</param>
    /// <exception cref="ModelFileException">The files do not fit each other.</exception>
    internal ClipCapNetwork(ClipCapCheckpoint checkpoint, Device? device, InferenceDevice clipDevice)
    {
        (_tokenizer, _device) = (Gpt2Tokenizer.Load(checkpoint.Gpt2Folder), device ?? CPU);
        _model = ClipCapModel.Load(checkpoint.WeightsPath, checkpoint.Gpt2Folder);
        try
        {
            Check(checkpoint);
            _model.to(_device);
            _clip = OnnxClipEncoder.Open(checkpoint.Clip, device: clipDevice);
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public FrameFormat FrameFormat => _clip.FrameFormat;

    /// <inheritdoc/>
    public ResolvedGeneration Resolve(GenerationOptions options)
    {
        options.Validate();
        var stop = options.StopToken ?? FullStop;
        if (_tokenizer.Encode(stop) is not [var end])
            throw new ArgumentException(
                $"{nameof(GenerationOptions.StopToken)} is '{stop}'; expected the text of one token, such as '{FullStop}'.", nameof(options));
        var settings = ResolvedGeneration.From(options, end, BeamSearchVariant.ClipCap);
        var room = _model.Config.Positions - _model.Layout.PrefixLength;
        return settings.MaxLength <= room
            ? settings
            : throw new ArgumentException(
                $"MaxLength is '{settings.MaxLength}'; GPT-2 has positions for {room} tokens behind the prefix.", nameof(options));
    }

    /// <inheritdoc/>
    public int[] Prompt(string? prompt) => string.IsNullOrEmpty(prompt)
        ? []
        : throw new ArgumentException(
            $"{nameof(GenerationOptions.Prompt)} is '{prompt}'; ClipCap takes none: the image's prefix stands in its place.", nameof(prompt));

    /// <inheritdoc/>
    public IStepDecoder StartDecoding(ReadOnlySpan<byte> frames, int count, int maxLength)
    {
        var embeddings = new float[count * _clip.Dimension];
        _clip.EmbedFrames(frames, count, embeddings);
        TorchRuntime.EnsureLoaded();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var images = empty(count, _clip.Dimension);
        embeddings.CopyTo(MemoryMarshal.Cast<byte, float>(images.bytes));
        return _model.StartDecoding(_model.Prefix(images.to(_device)), maxLength);
    }

    /// <inheritdoc/>
    public string Caption(int[] ids, int[] prompt) => _tokenizer.Decode(ids).Trim();

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _clip?.Dispose();
    }

    private void Check(ClipCapCheckpoint checkpoint)
    {
        if (_tokenizer.LargestId >= _model.Config.VocabularySize)
        {
            throw new ModelFileException(Path.Combine(checkpoint.Gpt2Folder, BytePairFiles.Vocabulary),
                $"the largest id is {_tokenizer.LargestId}, but GPT-2 has {_model.Config.VocabularySize} tokens; the two do not belong together.");
        }
        if (checkpoint.Clip.Config.ProjectionSize != _model.Layout.ClipSize)
        {
            throw new ModelFileException(checkpoint.Clip.Path, $"its embeddings have {checkpoint.Clip.Config.ProjectionSize} numbers, those of the "
                + $"CLIP that '{checkpoint.WeightsPath}' was trained with {_model.Layout.ClipSize}; expected that CLIP.");
        }
    }
}
