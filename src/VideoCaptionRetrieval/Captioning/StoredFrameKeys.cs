using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.Video;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>
/// The columns that identify the frames of a column in a <see cref="CaptionStore"/>: the clip and the frames' times. Where the schema lacks
/// them (a user's own frames), frames are identified by their bytes.
/// </summary>
/// <param name="Clips">The columns that name the clip.</param>
/// <param name="Times">The frames' times.</param>
/// <param name="Format">The format in which the frames were taken from their videos.</param>
/// <param name="Inputs">All these columns.</param>
internal sealed record StoredFrameColumns(
    ClipColumns? Clips, DataViewSchema.Column? Times, FrameFormat? Format, IReadOnlyList<DataViewSchema.Column> Inputs)
{
    /// <summary>How pixels were taken that are not square.</summary>
    private PixelAspect Pixels { get; init; }

    internal static StoredFrameColumns Find(DataViewSchema schema, DataViewSchema.Column frames)
    {
        var known = FrameSourceAnnotation.TryGet(frames, out FrameSourceAnnotation? source)
            && schema.GetColumnOrNull(source.Clips.Path) is not null;
        if (!known || schema.GetColumnOrNull(FrameSamplerTransformer.TimesColumn(frames.Name)) is null) return new(null, null, null, []);
        var times = ColumnShapes.Require(schema, FrameSamplerTransformer.TimesColumn(frames.Name), NumberDataViewType.Double, vector: true);
        return new(source!.Clips, times, source.Source.Format, [times, .. source.Clips.In(schema)])
        {
            Pixels = (source.Source as VideoFrameSource)?.Pixels ?? PixelAspect.Square,
        };
    }

    internal StoredFrameKeys CreateInput(DataViewRow row, int capacity) =>
        new(Clips?.CreateReader(row), Times is { } times ? new VectorInput<double>(row, times, capacity) : null, Format, capacity) { Pixels = Pixels };
}

/// <summary>Computes the store's keys of the frames in a window of rows.</summary>
internal sealed class StoredFrameKeys(Func<VideoClip>? readClip, VectorInput<double>? times, FrameFormat? format, int capacity)
{
    private readonly VideoClip?[] _clips = new VideoClip?[capacity];
    private readonly string?[] _contents = new string?[capacity];

    /// <summary>How pixels were taken that are not square.</summary>
    internal PixelAspect Pixels { get; init; }

    internal void Read(int slot)
    {
        (_clips[slot], _contents[slot]) = (readClip?.Invoke(), null);
        times?.Read(slot);
    }

    /// <summary>The name of a row's clip; empty where it has none.</summary>
    internal string VideoId(int slot) => _clips[slot]?.VideoId ?? "";

    /// <summary>The captioner's identity, with the frames' format where that is not the captioner's own.</summary>
    internal string Identity(IImageCaptioner captioner) => string.Concat(
        captioner.Identity,
        format is null || format == captioner.FrameFormat ? "" : $" frames=\"{format}\"",
        Pixels == PixelAspect.Square ? "" : $" pixels=\"{Pixels}\"");

    /// <summary>Computes the key of a frame's caption.</summary>
    internal CaptionKey Key(int slot, int frame, ReadOnlySpan<byte> pixels, string identity)
    {
        if (_clips[slot] is not { } clip || times is null || !File.Exists(clip.Path))
            return new("frame-" + Convert.ToHexStringLower(SHA256.HashData(pixels)), double.NaN, identity);
        _contents[slot] ??= ContentHash.OfBothEnds(clip.Path);
        return new(_contents[slot]!, times.Slot(slot)[frame], identity);
    }

    /// <summary>Creates the record of a finished caption.</summary>
    internal CaptionRecord Record(CaptionKey key, int slot, int frame, string captioner, string caption) => new()
    {
        VideoId = VideoId(slot),
        Start = _clips[slot]?.Start ?? double.NaN,
        End = _clips[slot]?.End ?? double.NaN,
        Content = key.Content,
        Frame = frame,
        Time = key.Time,
        Captioner = captioner,
        Identity = key.Identity,
        Caption = caption,
    };
}
