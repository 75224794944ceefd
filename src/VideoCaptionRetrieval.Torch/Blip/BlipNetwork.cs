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

/// <summary>Runs BLIP as a captioner's network.</summary>
internal sealed class BlipNetwork : ICaptionNetwork
{
    private readonly BlipCheckpoint _checkpoint;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly BlipCaptioningModel _model;
    private readonly Device _device;

    /// <param name="checkpoint">The checkpoint to load.</param>
    /// <param name="device">Device of the network; null = the CPU.</param>
    /// <exception cref="ModelFileException">The files do not fit each other.</exception>
    internal BlipNetwork(BlipCheckpoint checkpoint, Device? device)
    {
        (_checkpoint, _tokenizer, _device) = (checkpoint, checkpoint.LoadTokenizer(), device ?? CPU);
        _model = BlipCaptioningModel.Load(checkpoint);
        _model.to(_device);
    }

    public FrameFormat FrameFormat => _checkpoint.Preprocessing.Format;

    public ResolvedGeneration Resolve(GenerationOptions options)
    {
        if (options.StopToken is not null)
            throw new ArgumentException($"{nameof(GenerationOptions.StopToken)} is '{options.StopToken}'; BLIP ends a text with [SEP].", nameof(options));
        var settings = ResolvedGeneration.From(options, _checkpoint.Config.Text.EndId);
        return settings.MaxLength <= _checkpoint.Config.Text.Positions
            ? settings
            : throw new ArgumentException($"MaxLength is '{settings.MaxLength}'; '{_checkpoint.Folder}' has positions for "
                + $"{_checkpoint.Config.Text.Positions} tokens.", nameof(options));
    }

    public int[] Prompt(string? prompt) => BlipPrompt.Encode(prompt, _tokenizer, _checkpoint.Config.Text);

    public IStepDecoder StartDecoding(ReadOnlySpan<byte> frames, int count, int maxLength)
    {
        TorchRuntime.EnsureLoaded();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var pixelValues = empty(count, 3, FrameFormat.Size, FrameFormat.Size);
        _checkpoint.Preprocessing.Normalise(frames, count, MemoryMarshal.Cast<byte, float>(pixelValues.bytes));
        return _model.StartDecoding(_model.EncodeImages(pixelValues.to(_device)), maxLength);
    }

    public string Caption(int[] ids, int[] prompt) => BlipPrompt.Strip(ids, prompt, _tokenizer);

    public void Dispose() => _model.Dispose();
}

/// <summary>Encodes the prompt that every caption begins with, and strips it again.</summary>
public static class BlipPrompt
{
    /// <summary>
    /// Encodes a prompt as transformers does: the tokenizer's [CLS] becomes the decoder's start token, the closing [SEP] is dropped. Without a
    /// prompt, only the start token remains.
    /// </summary>
    public static int[] Encode(string? prompt, WordPieceTokenizer tokenizer, BlipTextConfig config)
    {
        var ids = tokenizer.Encode(prompt ?? "")[..^1];
        ids[0] = config.StartId;
        return ids;
    }

    /// <summary>Decodes a caption without its prompt, trimmed.</summary>
    internal static string Strip(int[] ids, int[] prompt, WordPieceTokenizer tokenizer)
    {
        var (text, start) = (tokenizer.Decode(ids), tokenizer.Decode(prompt));
        // Clean-up can join the prompt's last word to the next one ("i '" + "m"); then only the generated tokens are decoded.
        var caption = text.StartsWith(start, StringComparison.Ordinal) ? text[start.Length..] : tokenizer.Decode(ids.AsSpan(prompt.Length));
        return caption.Trim();
    }
}
