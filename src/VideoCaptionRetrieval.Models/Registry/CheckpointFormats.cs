using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.VisionEncoderDecoder;

namespace VideoCaptionRetrieval.Models.Registry;

/// <summary>
/// The registry of checkpoint families: recognises what a folder or file holds, says what it can do, and opens it. A new family is a folder of
/// this project and a line in <see cref="All"/>.
/// </summary>
public static class CheckpointFormats
{
    /// <summary>
    /// All families, in the order in which they are tried. CLIP is last: any folder with config.json and weights may be one until it is opened.
    /// </summary>
    internal static IReadOnlyList<CheckpointFormat> All { get; } =
        [BlipFormats.Retrieval, BlipFormats.Captioning, VisionEncoderDecoderFormat.Instance, ClipCapFormat.Instance, ClipFormats.Clip];

    private static CheckpointFormat Fallback => All[^1];

    private static readonly KeyValuePair<string, CheckpointCapabilities>[] CapabilityNames =
    [
        new("embed-text", CheckpointCapabilities.EmbedText), new("embed-image", CheckpointCapabilities.EmbedImage),
        new("train", CheckpointCapabilities.Train), new("caption", CheckpointCapabilities.Caption), new("match", CheckpointCapabilities.Match),
    ];

    /// <summary>Opens a checkpoint of a required kind.</summary>
    /// <typeparam name="T">The required kind, such as <see cref="CaptionerCheckpoint"/>.</typeparam>
    /// <param name="path">A folder, a file of weights whose configuration and tokenizer lie beside it, or a name (<see cref="ModelHub"/>).</param>
    /// <param name="options">Image size, and the CLIP of a captioner; null = the checkpoint's own.</param>
    /// <exception cref="ModelFileException">
    /// A file is missing or damaged, or it is a checkpoint of another kind; the message says what was found and what is expected.
    /// </exception>
    public static T Require<T>(string path, CheckpointOptions? options = null)
        where T : Checkpoint
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new();
        path = ModelHub.Locate(path, Expected(typeof(T)));
        if (options.Clip is { } clip) options = options with { Clip = ModelHub.Find(clip) ?? clip };
        var wanted = All.Where(format => format.Kind.IsAssignableTo(typeof(T))).ToList();
        if (wanted.Find(format => format != Fallback && format.Matches(path)) is { } own) return (T)own.Open(path, options);
        if (All.Except(wanted).FirstOrDefault(format => format != Fallback && MatchesIntact(format, path)) is { } other)
            throw new ModelFileException(path, $"it is a {other.Family}; expected {Expected(typeof(T))}; {MissingModel.Advice}");
        return wanted.Contains(Fallback) ? (T)Fallback.Open(path, options) : throw Unknown(path, Expected(typeof(T)));
    }

    /// <summary>Whether a path holds a checkpoint of a known family.</summary>
    /// <exception cref="ModelFileException">A file is damaged.</exception>
    public static bool Recognises(string path) => ModelHub.Find(path) is { } found && All.Any(format => format.Matches(found));

    /// <summary>Reads the image preprocessing of a checkpoint, from a folder that may lack the network itself.</summary>
    /// <exception cref="ModelFileException">
    /// A file is missing or damaged, or asks for something not implemented; the message names the key.
    /// </exception>
    public static ImagePreprocessing ReadPreprocessing(string path)
    {
        path = ModelHub.Locate(path, "a checkpoint");
        return (All.FirstOrDefault(format => format != Fallback && MatchesIntact(format, path)) ?? Fallback).ReadPreprocessing(path);
    }

    /// <summary>Opens what <see cref="DualEncoderCheckpoint.ExtractText"/> wrote. The caller owns and disposes it.</summary>
    /// <exception cref="ModelFileException">A file is missing, damaged, or asks for something not implemented.</exception>
    public static ITextEncoder OpenText(string folder, InferenceOptions? options = null) =>
        TextFormat(folder).OpenText!(folder, options);

    /// <summary>Describes a checkpoint. Missing or unexpected tensors are part of the report, not an error.</summary>
    /// <exception cref="ModelFileException">It is no checkpoint, or a file is damaged.</exception>
    public static CheckpointReport Inspect(string path)
    {
        path = ModelHub.Locate(path, "a checkpoint");
        var checkpoint = (All.FirstOrDefault(format => format.Matches(path)) ?? Fallback).Open(path, new());
        var preprocessing = TryReadPreprocessing(checkpoint);
        return checkpoint.Inspect() with
        {
            Capabilities = [.. CapabilityNames.Where(named => checkpoint.Capabilities.HasFlag(named.Value)).Select(named => named.Key)],
            Embedding = (checkpoint as DualEncoderCheckpoint)?.Dimension,
            ImageSize = preprocessing?.Format.Size,
            ImageSettings = preprocessing?.Source,
        };
    }

    /// <summary>Names the family of what <see cref="DualEncoderCheckpoint.ExtractText"/> wrote.</summary>
    public static string TextFamily(string folder) => TextFormat(folder).Family;

    private static CheckpointFormat TextFormat(string folder) => All.FirstOrDefault(format => format.MatchesText?.Invoke(folder) == true) ?? Fallback;

    /// <summary>Reads the preprocessing; null where a captioner's CLIP is not there to tell it.</summary>
    private static ImagePreprocessing? TryReadPreprocessing(Checkpoint checkpoint)
    {
        try
        {
            return checkpoint.Preprocessing;
        }
        catch (ModelFileException) when (checkpoint is CaptionerCheckpoint)
        {
            return null;
        }
    }

    private static bool MatchesIntact(CheckpointFormat format, string path)
    {
        try
        {
            return format.Matches(path);
        }
        catch (ModelFileException)
        {
            return false;
        }
    }

    private static string Expected(Type kind) => kind.IsAssignableTo(typeof(CaptionerCheckpoint))
        ? "a captioner's checkpoint: BLIP (Hugging Face layout, or the authors' .pth with vocab.txt), ClipCap (.pt with gpt2/ and clip/), or a "
          + "vision-encoder-decoder exported to ONNX"
        : kind == typeof(ClipCheckpoint) ? "a CLIP checkpoint" : "a checkpoint that embeds images and texts: a CLIP, or a BLIP for retrieval";

    private static ModelFileException Unknown(string path, string expected)
    {
        var entries = Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName) : [Path.GetFileName(path)];
        return new(path, $"found '{string.Join("', '", entries.Order(StringComparer.Ordinal).Take(12))}'; expected {expected}; {MissingModel.Advice}");
    }
}
