using Microsoft.Extensions.AI;
using VideoCaptionRetrieval.Captioning.Chat;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval;

/// <summary>
/// Describes a captioner for <see cref="ImageCaptioner"/>. Creating one opens nothing: the first caption opens the network. Immutable.
/// </summary>
public sealed class Captioner
{
    /// <summary>Default name of a BLIP captioner.</summary>
    public const string DefaultBlipName = "blip";

    /// <summary>Default name of a ClipCap captioner.</summary>
    public const string DefaultClipCapName = "clipcap";

    /// <summary>Default name of a chat model.</summary>
    public const string DefaultChatName = "chat";

    private Captioner(CaptionerKind kind, string name, string framesColumn)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrEmpty(framesColumn);
        (Kind, Name, FramesColumnName) = (kind, name, framesColumn);
    }

    /// <summary>The label of its captions in slot names, stores and files.</summary>
    public string Name { get; }

    /// <summary>The column of the frames that it captions (Vector&lt;Byte&gt; [M, S, S, 3]).</summary>
    public string FramesColumnName { get; }

    internal CaptionerKind Kind { get; }

    internal string Folder { get; private init; } = "";

    /// <summary>The CLIP of a ClipCap where it lies elsewhere.</summary>
    internal string? Clip { get; private init; }

    /// <summary>Decoding settings; null = those published with the checkpoint.</summary>
    internal GenerationOptions? Generation { get; private init; }

    internal Func<IImageCaptioner>? Create { get; private init; }

    /// <summary>What its frames look like, where no checkpoint says it.</summary>
    private FrameFormat? Format { get; init; }

    /// <summary>Captions with a BLIP checkpoint: a folder in Hugging Face layout, or with one of the authors' .pth files and vocab.txt.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="framesColumn">The column of frames in its frame format; see <see cref="FrameColumn.For"/>.</param>
    /// <param name="name">The captioner's label.</param>
    /// <param name="options">Decoding settings; null = BLIP's published settings: 3 beams, 5 to 20 tokens.</param>
    /// <exception cref="ArgumentException">A name is empty, or options are out of range.</exception>
    public static Captioner Blip(
        string folder, string framesColumn = FrameColumn.DefaultName, string name = DefaultBlipName, GenerationOptions? options = null) =>
        FromFolder(folder, framesColumn, name, options);

    /// <summary>Captions with a ClipCap checkpoint: a folder with its .pt file and 'gpt2/', and its CLIP in 'clip/' or elsewhere.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="framesColumn">The column of frames in the frame format of its CLIP.</param>
    /// <param name="clipFolder">The CLIP whose embeddings it was trained on, in any layout; null = the folder's 'clip'.</param>
    /// <param name="name">The captioner's label.</param>
    /// <param name="options">Decoding settings; null = <see cref="GenerationOptions.ForClipCap"/>.</param>
    /// <exception cref="ArgumentException">A name is empty, or options are out of range.</exception>
    public static Captioner ClipCap(
        string folder, string framesColumn = FrameColumn.DefaultName, string? clipFolder = null, string name = DefaultClipCapName,
        GenerationOptions? options = null) =>
        FromFolder(folder, framesColumn, name, options, clipFolder);

    /// <summary>
    /// Captions with a checkpoint of any kind, which is recognised by the files in its folder: BLIP, ClipCap, or a vision-encoder-decoder that was exported
    /// to ONNX (encoder_model.onnx with decoder_model_merged.onnx, or with decoder_model.onnx and decoder_with_past_model.onnx).
    /// </summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="framesColumn">The column of frames in its frame format; see <see cref="FrameColumn.For"/>.</param>
    /// <param name="name">The captioner's label; null = the folder's name.</param>
    /// <param name="options">Decoding settings; null = those published for the kind of checkpoint.</param>
    /// <param name="clipFolder">The CLIP of a ClipCap where it lies elsewhere.</param>
    /// <exception cref="ArgumentException">A name is empty, or options are out of range.</exception>
    public static Captioner FromFolder(
        string folder, string framesColumn = FrameColumn.DefaultName, string? name = null, GenerationOptions? options = null,
        string? clipFolder = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options?.Validate();
        name ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        return new(CaptionerKind.Checkpoint, name, framesColumn) { Folder = folder, Clip = clipFolder, Generation = options?.Copy() };
    }

    /// <summary>Captions with any chat model that takes images.</summary>
    /// <remarks>A saved model cannot hold it; see <see cref="Custom(string, string, Func{IImageCaptioner})"/>.</remarks>
    /// <param name="client">The model; the caller owns and disposes it.</param>
    /// <param name="framesColumn">The column of frames in the format <see cref="ChatCaptionerOptions.FrameFormat"/>.</param>
    /// <param name="name">The captioner's label.</param>
    /// <param name="options">Prompt, retries, limits; null = the defaults.</param>
    /// <exception cref="ArgumentException">A name is empty, or options are out of range.</exception>
    public static Captioner Chat(
        IChatClient client, string framesColumn = FrameColumn.DefaultName, string name = DefaultChatName, ChatCaptionerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        var settings = (options ?? new()).Copy();
        settings.Validate();
        return new(CaptionerKind.Custom, name, framesColumn)
        {
            Create = () => new ChatCaptioner(client, settings),
            Format = settings.FrameFormat,
        };
    }

    /// <summary>Captions with a captioner of your own.</summary>
    /// <remarks>A saved model cannot hold it: after loading, asking for captions throws, and everything else works.</remarks>
    /// <param name="name">The captioner's label.</param>
    /// <param name="framesColumn">The column of frames in its frame format.</param>
    /// <param name="create">Opens the captioner; called once by each transformer, which disposes it.</param>
    public static Captioner Custom(string name, string framesColumn, Func<IImageCaptioner> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return new(CaptionerKind.Custom, name, framesColumn) { Create = create };
    }

    /// <summary>Captions with a captioner of your own, in a pipeline that makes the frame columns itself.</summary>
    /// <remarks><inheritdoc cref="Custom(string, string, Func{IImageCaptioner})" path="/remarks"/></remarks>
    /// <param name="name">The captioner's label.</param>
    /// <param name="frameFormat">The form of its frames.</param>
    /// <param name="create">Opens the captioner; called once by each transformer, which disposes it.</param>
    public static Captioner Custom(string name, FrameFormat frameFormat, Func<IImageCaptioner> create)
    {
        ArgumentNullException.ThrowIfNull(frameFormat);
        ArgumentNullException.ThrowIfNull(create);
        return new(CaptionerKind.Custom, name, FrameColumn.DefaultName) { Create = create, Format = frameFormat };
    }

    /// <summary>Describes the same captioner on another column of frames.</summary>
    /// <param name="framesColumn">The column of frames in its frame format.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public Captioner WithFrames(string framesColumn) => new(Kind, Name, framesColumn)
    {
        Folder = Folder,
        Clip = Clip,
        Generation = Generation,
        Create = Create,
        Format = Format,
    };

    /// <summary>Reads the format of its frames; opens no network.</summary>
    /// <exception cref="ModelFileException">The checkpoint is missing, damaged, or no captioner's.</exception>
    /// <exception cref="InvalidOperationException">It is a captioner of your own that was created without a frame format.</exception>
    public FrameFormat ReadFrameFormat()
    {
        if (Format is not null) return Format;
        return Kind == CaptionerKind.Checkpoint
            ? CheckpointFormats.Require<CaptionerCheckpoint>(Folder, new(Clip: Clip)).FrameFormat
            : throw new InvalidOperationException($"Captioner '{Name}' does not say what its frames look like; create it with "
                + $"{nameof(Captioner)}.{nameof(Custom)}(name, frameFormat, create).");
    }

    /// <summary>Restores the captioner of a saved model; a custom one comes back without its code.</summary>
    internal static Captioner Restore(CaptionerKind kind, string name, string framesColumn, string folder, string? clip, GenerationOptions? generation) =>
        new(kind, name, framesColumn) { Folder = folder, Clip = clip, Generation = generation };
}

/// <summary>The kinds of captioners. Numbers are those of saved models of version 1.</summary>
internal enum CaptionerKind
{
    /// <summary>The user's own.</summary>
    Custom = 0,

    /// <summary>A checkpoint, whose kind is read from its folder.</summary>
    Checkpoint = 1,
}
