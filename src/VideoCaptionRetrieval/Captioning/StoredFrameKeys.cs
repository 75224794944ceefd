using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Sampling;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>
/// The columns by which captions of a column of frames are stored: which video, and the frames' times. Where they are not there (a
/// user's own frames), the frames' bytes stand for themselves.
/// </summary>
/// <param name="Clips">What names the videos.</param>
/// <param name="Times">The frames' times.</param>
/// <param name="Format">The form in which the frames were taken from their videos.</param>
/// <param name="Inputs">All these columns.</param>
internal sealed record StoreColumns(
    ClipColumns? Clips, DataViewSchema.Column? Times, FrameFormat? Format, IReadOnlyList<DataViewSchema.Column> Inputs)
{
    internal static StoreColumns Of(DataViewSchema schema, DataViewSchema.Column frames)
    {
        var known = FrameSourceAnnotation.TryGet(frames, out FrameSourceAnnotation? source)
            && schema.GetColumnOrNull(source.Clips.Path) is not null;
        if (!known || schema.GetColumnOrNull(FrameSamplerTransformer.TimesColumn(frames.Name)) is null) return new(null, null, null, []);
        var times = ColumnShapes.Require(schema, FrameSamplerTransformer.TimesColumn(frames.Name), NumberDataViewType.Double, vector: true);
        return new(source!.Clips, times, source.Source.Format, [times, .. source.Clips.In(schema)]);
    }

    internal StoreInput CreateInput(DataViewRow row, int capacity) =>
        new(Clips?.CreateReader(row), Times is { } times ? new VectorInput<double>(row, times, capacity) : null, Format, capacity);
}

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
