using System.Security.Cryptography;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>Slots of what names the frames of a row in the store.</summary>
internal sealed class StoreInput(Func<VideoClip>? readClip, VectorInput<double>? times, FrameFormat? format, int capacity)
{
    private readonly VideoClip?[] _clips = new VideoClip?[capacity];
    private readonly string?[] _contents = new string?[capacity];

    internal void Read(int slot)
    {
        (_clips[slot], _contents[slot]) = (readClip?.Invoke(), null);
        times?.Read(slot);
    }

    /// <summary>The video's name, or the empty text.</summary>
    internal string VideoId(int slot) => _clips[slot]?.VideoId ?? "";

    /// <summary>The captioner's identity; where its frames were prepared otherwise than it asks for, that is told too.</summary>
    internal string Identity(IImageCaptioner captioner) => format is null || format == captioner.FrameFormat
        ? captioner.Identity
        : $"{captioner.Identity} frames=\"{format}\"";

    /// <summary>The key of a frame's caption.</summary>
    internal CaptionKey Key(int slot, int frame, ReadOnlySpan<byte> pixels, string identity)
    {
        if (_clips[slot] is not { } clip || times is null || !File.Exists(clip.Path))
            return new("frame-" + Convert.ToHexStringLower(SHA256.HashData(pixels)), double.NaN, identity);
        _contents[slot] ??= VideoContent.Identify(clip.Path);
        return new(_contents[slot]!, times.Slot(slot)[frame], identity);
    }

    /// <summary>A finished caption.</summary>
    internal CaptionRecord Record(CaptionKey key, FramePlace place, string captioner, string caption) => new()
    {
        VideoId = VideoId(place.Slot),
        Start = _clips[place.Slot]?.Start ?? double.NaN,
        End = _clips[place.Slot]?.End ?? double.NaN,
        Content = key.Content,
        Frame = place.Frame,
        Time = key.Time,
        Captioner = captioner,
        Identity = key.Identity,
        Caption = caption,
    };
}
