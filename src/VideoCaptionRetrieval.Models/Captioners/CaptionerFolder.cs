using VideoCaptionRetrieval.Models.Blip;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.ClipCap;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Models.VisionEncoderDecoder;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Captioners;

/// <summary>A folder with a captioner of any kind; the kind is read from what lies in it. Opening it reads no weights.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Clip">The CLIP of a ClipCap where it lies elsewhere; null = the folder's own.</param>
internal sealed record CaptionerFolder(string Path, CaptionerModelKind Kind, string? Clip = null)
{
    /// <summary>Finds out what a folder holds.</summary>
    /// <exception cref="ModelFileException">The folder is missing, or holds no captioner.</exception>
    internal static CaptionerFolder Open(string path, string? clip = null)
    {
        const string Expected = "expected a captioner's checkpoint: BLIP (Hugging Face layout, or the authors' .pth with vocab.txt), ClipCap (.pt with "
            + "gpt2/ and clip/), or a vision-encoder-decoder exported to ONNX";
        if (!Directory.Exists(path)) throw new ModelFileException(path, $"the folder does not exist; {Expected}; {MissingModel.Advice}");
        var kind = KindOf(path)
            ?? throw new ModelFileException(path, $"found '{string.Join("', '", Directory.EnumerateFileSystemEntries(path)
                .Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal).Take(12))}'; {Expected}; {MissingModel.Advice}");
        return clip is null || kind == CaptionerModelKind.ClipCap
            ? new(path, kind, clip)
            : throw new ModelFileException(path, $"it is a captioner of kind {kind}, which takes no CLIP; '{clip}' was given for it.");
    }

    /// <summary>As <see cref="Open"/>; null where a path is no captioner's folder.</summary>
    internal static CaptionerFolder? TryOpen(string path) => Directory.Exists(path) && KindOf(path) is { } kind ? new(path, kind) : null;

    /// <summary>What its frames must look like.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged.</exception>
    internal FrameFormat FrameFormat => Kind switch
    {
        CaptionerModelKind.Blip => BlipCheckpoint.Open(Path).Preprocessing.Format,
        CaptionerModelKind.ClipCap => ClipCapCheckpoint.Open(Path, Clip).Clip.Preprocessing.Format,
        _ => PreprocessorConfig.Read(Path).Format,
    };

    /// <summary>The published decoding settings of its kind.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged.</exception>
    internal GenerationOptions DefaultGeneration => Kind switch
    {
        CaptionerModelKind.Blip => new(),
        CaptionerModelKind.ClipCap => GenerationOptions.ForClipCap(),
        _ => EncoderDecoderConfig.Read(Path).Generation,
    };

    /// <summary>All files that it is made of.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged.</exception>
    internal IEnumerable<string> Files => Kind switch
    {
        CaptionerModelKind.Blip => BlipCheckpoint.Open(Path).Files,
        CaptionerModelKind.ClipCap => ClipCapCheckpoint.Open(Path, Clip).Files,
        _ => EncoderDecoderFiles.Find(Path).All,
    };

    /// <summary>Loads the captioner; the caller disposes it.</summary>
    /// <param name="options">Decoding settings; null = the published ones.</param>
    /// <param name="device">Where networks of libtorch run; null = CPU.</param>
    /// <param name="inference">Where graphs of ONNX Runtime run.</param>
    /// <exception cref="ArgumentException">Options are out of range, or not for this kind.</exception>
    /// <exception cref="ModelFileException">A file is missing or damaged, or the files do not fit each other.</exception>
    internal GenerativeCaptioner Load(GenerationOptions? options = null, Device? device = null, InferenceDevice inference = default)
    {
        options ??= DefaultGeneration;
        options.Validate();
        return Kind switch
        {
            CaptionerModelKind.Blip => BlipCaptioner.Load(Path, options, device),
            CaptionerModelKind.ClipCap => LoadClipCap(options, device, inference),
            _ => LoadEncoderDecoder(options, inference),
        };
    }

    private GenerativeCaptioner LoadClipCap(GenerationOptions options, Device? device, InferenceDevice inference)
    {
        var checkpoint = ClipCapCheckpoint.Open(Path, Clip);
        var files = checkpoint.Files.ToList();
        return CaptionerLoading.Create(new ClipCapNetwork(checkpoint, device, inference), options, "clipcap", files);
    }

    private GenerativeCaptioner LoadEncoderDecoder(GenerationOptions options, InferenceDevice inference)
    {
        var graphs = EncoderDecoderFiles.Find(Path);
        var files = graphs.All.ToList();
        return CaptionerLoading.Create(new EncoderDecoderNetwork(Path, graphs, inference), options, "encoder-decoder", files);
    }

    private static CaptionerModelKind? KindOf(string path)
    {
        if (VisionConfig.IsBlip(path)) return CaptionerModelKind.Blip;
        if (EncoderDecoderConfig.Matches(path)) return CaptionerModelKind.EncoderDecoder;
        if (ClipCapCheckpoint.FindWeights(path) is not null) return CaptionerModelKind.ClipCap;
        if (CheckpointFiles.OnlyLoose(path) is not { } weights) return null;
        using var file = WeightsFormats.Open(weights);
        return BlipCheckpoint.IsOriginal(file) ? CaptionerModelKind.Blip : null;
    }
}
