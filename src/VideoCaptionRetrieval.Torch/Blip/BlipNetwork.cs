using System.Runtime.InteropServices;
using TorchSharp;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Models.Tokenization;
using VideoCaptionRetrieval.Torch.Native;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Blip;

/// <summary>BLIP as a captioner's network.</summary>
internal sealed class BlipNetwork : ICaptionNetwork
{
    private readonly BlipCheckpoint _checkpoint;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly BlipCaptioningModel _model;
    private readonly Device _device;

    /// <param name="checkpoint">What is loaded.</param>
    /// <param name="device">Where it runs; null = CPU.</param>
    /// <exception cref="ModelFileException">The files do not fit each other.</exception>
    internal BlipNetwork(BlipCheckpoint checkpoint, Device? device)
    {
        (_checkpoint, _tokenizer, _device) = (checkpoint, checkpoint.LoadTokenizer(), device ?? CPU);
        _model = BlipCaptioningModel.Load(checkpoint);
        _model.to(_device);
    }

    public FrameFormat FrameFormat => _checkpoint.Preprocessing.Format;

    public ResolvedGeneration Rules(GenerationOptions options)
    {
        if (options.StopToken is not null)
            throw new ArgumentException($"{nameof(GenerationOptions.StopToken)} is '{options.StopToken}'; BLIP ends a text with [SEP].", nameof(options));
        var rules = ResolvedGeneration.From(options, _checkpoint.Config.Text.EndId);
        return rules.MaxLength <= _checkpoint.Config.Text.Positions
            ? rules
            : throw new ArgumentException($"MaxLength is '{rules.MaxLength}'; '{_checkpoint.Folder}' has positions for "
                + $"{_checkpoint.Config.Text.Positions} tokens.", nameof(options));
    }

    public int[] Prompt(string? prompt) => BlipPrompt.Of(prompt, _tokenizer, _checkpoint.Config.Text);

    public IStepDecoder StartDecoding(ReadOnlySpan<byte> frames, int count, int maxLength)
    {
        TorchRuntime.EnsureLoaded();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var pixelValues = empty(count, 3, FrameFormat.Size, FrameFormat.Size);
        _checkpoint.Preprocessing.Normalise(frames, count, MemoryMarshal.Cast<byte, float>(pixelValues.bytes));
        return _model.StartDecoding(_model.EncodeImages(pixelValues.to(_device)), maxLength);
    }

    public string Caption(int[] ids, int[] prompt) => BlipPrompt.Cut(ids, prompt, _tokenizer);

    public void Dispose() => _model.Dispose();
}
