using VideoCaptionRetrieval.Captioning;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval;

/// <summary>
/// Names a captioner for <see cref="ImageCaptioner"/>. Opens nothing: the network is opened when a caption is first asked for.
/// </summary>
public sealed class Captioner
{
    /// <summary>Default name of a BLIP captioner.</summary>
    public const string DefaultBlipName = "blip";

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

    internal GenerationOptions Generation { get; private init; } = new();

    internal Func<IImageCaptioner>? Create { get; private init; }

    /// <summary>A BLIP checkpoint in Hugging Face layout.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="framesColumn">The column of frames in its form; see <see cref="FrameColumn.For"/>.</param>
    /// <param name="name">The captioner's label.</param>
    /// <param name="options">How texts are decoded; null = BLIP's published settings: 3 beams, 5 to 20 tokens.</param>
    /// <exception cref="ArgumentException">A name is empty, or options are out of range.</exception>
    public static Captioner Blip(string folder, string framesColumn, string name = DefaultBlipName, GenerationOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options?.Validate();
        return new(CaptionerKind.Blip, name, framesColumn) { Folder = folder, Generation = GenerationText.Copy(options ?? new()) };
    }

    /// <summary>A captioner of your own.</summary>
    /// <remarks>A saved model cannot hold it: after loading, asking for captions is an error, and everything else works.</remarks>
    /// <param name="name">The captioner's label.</param>
    /// <param name="framesColumn">The column of frames in its form.</param>
    /// <param name="create">Opens it; called once for each transformer, which disposes it.</param>
    public static Captioner Custom(string name, string framesColumn, Func<IImageCaptioner> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return new(CaptionerKind.Custom, name, framesColumn) { Create = create };
    }

    /// <summary>The captioner of a saved model; one of the user's own comes back without its code.</summary>
    internal static Captioner Restore(CaptionerKind kind, string name, string framesColumn, string folder, GenerationOptions generation) =>
        new(kind, name, framesColumn) { Folder = folder, Generation = generation };
}
