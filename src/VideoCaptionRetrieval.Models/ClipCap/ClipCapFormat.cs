using VideoCaptionRetrieval.Models.Captioners;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Checkpoints.Formats;
using VideoCaptionRetrieval.Models.Clip;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Gpt2;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.ClipCap;

/// <summary>The checkpoint family of ClipCap.</summary>
internal static class ClipCapFormat
{
    internal const string Family = "ClipCap captioner";

    internal static CheckpointFormat Instance { get; } = new(Family, typeof(ClipCapCheckpoint),
        path => ClipCapCheckpoint.FindWeights(path) is not null, (path, options) => ClipCapCheckpoint.Open(path, options.Clip));
}

/// <summary>
/// A ClipCap checkpoint: a folder with the published .pt (the first by name where there are several), 'gpt2/' (config.json, vocab.json,
/// merges.txt of the GPT-2 that it was trained from) and its CLIP backbone in 'clip/' or in a folder of the caller's choice. The backbone is
/// opened on first use.
/// </summary>
/// <inheritdoc cref="CaptionerCheckpoint"/>
public sealed class ClipCapCheckpoint : CaptionerCheckpoint
{
    /// <summary>The folder of GPT-2's configuration and tokenizer.</summary>
    public const string Gpt2Name = "gpt2";

    /// <summary>The folder of its CLIP.</summary>
    public const string ClipName = "clip";

    private readonly Lazy<ClipCheckpoint> _clip;

    private ClipCapCheckpoint(string folder, string weights, string? clip)
    {
        (Path, WeightsPath) = (folder, weights);
        _clip = new(() => OpenClip(folder, clip), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <inheritdoc/>
    public override string Path { get; }

    /// <inheritdoc/>
    public override string Family => ClipCapFormat.Family;

    internal override CheckpointCapabilities Capabilities => CheckpointCapabilities.Caption;

    /// <summary>Path of the .pt file.</summary>
    public string WeightsPath { get; }

    /// <summary>Where GPT-2's configuration and tokenizer lie.</summary>
    public string Gpt2Folder => System.IO.Path.Combine(Path, Gpt2Name);

    /// <summary>The CLIP whose image embeddings it was trained on (OpenAI's ViT-B/32 for the published ones).</summary>
    /// <exception cref="ModelFileException">It is missing or damaged.</exception>
    public ClipCheckpoint Clip => _clip.Value;

    /// <inheritdoc/>
    public override ImagePreprocessing Preprocessing => Clip.Preprocessing;

    /// <inheritdoc/>
    public override IEnumerable<string> Files => new[]
    {
        WeightsPath, System.IO.Path.Combine(Gpt2Folder, CheckpointFiles.Configuration),
    }.Concat(BytePairFiles.Find(Gpt2Folder)).Concat(Clip.Files);

    /// <inheritdoc/>
    public override GenerationOptions DefaultGeneration => GenerationOptions.ForClipCap();

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="clip">The CLIP backbone, in any layout; null = the folder's own.</param>
    /// <exception cref="ModelFileException">The weights are missing or damaged.</exception>
    internal static ClipCapCheckpoint Open(string folder, string? clip = null) => FindWeights(folder) is { } weights
        ? new(folder, weights, clip)
        : throw new ModelFileException(folder, $"expected a ClipCap: its weights (.pt), '{Gpt2Name}/' with config.json, vocab.json and merges.txt (or tokenizer.json), "
            + $"and '{ClipName}/' with its CLIP; {MissingModel.Advice}");

    /// <summary>Finds the weights in a folder that also has GPT-2's, the first by name where there are several; null = it is no ClipCap.</summary>
    /// <exception cref="ModelFileException">A file that may hold weights is damaged.</exception>
    internal static string? FindWeights(string folder) => Directory.Exists(System.IO.Path.Combine(folder, Gpt2Name))
        ? CheckpointFiles.Loose(folder).FirstOrDefault(path =>
        {
            using var file = WeightsFormats.Open(path);
            return ClipCapLayout.Matches(file);
        })
        : null;

    internal override CheckpointReport Inspect() => ClipCapInspection.Inspect(this);

    private protected override GenerativeCaptioner OpenNetwork(GenerationOptions options, InferenceDevice device, int batchSize)
    {
        var files = Files.ToList();
        return GenerativeCaptioner.Create(TorchBackend.Require(Path, Family).OpenCaptionNetwork(this, device), options, "clipcap", files, batchSize);
    }

    private static ClipCheckpoint OpenClip(string folder, string? clip)
    {
        var backbone = clip ?? System.IO.Path.Combine(folder, ClipName);
        return System.IO.Path.Exists(backbone)
            ? ClipCheckpoint.Open(backbone)
            : throw new ModelFileException(backbone, clip is null
                ? $"the folder does not exist; a ClipCap writes about the image embeddings of a CLIP (the published ones: of OpenAI's ViT-B/32). "
                  + "Put it there, or name its folder (in 'vcr': --captioner-clip NAME=DIR)."
                : $"it does not exist; expected the CLIP of the ClipCap '{folder}'; {MissingModel.Advice}");
    }
}

/// <summary>Describes a ClipCap checkpoint without its CLIP, which is a checkpoint of its own.</summary>
internal static class ClipCapInspection
{
    internal static CheckpointReport Inspect(ClipCapCheckpoint checkpoint)
    {
        var config = Gpt2Config.Read(checkpoint.Gpt2Folder);
        using var weights = WeightsFormats.Open(checkpoint.WeightsPath);
        var layout = ClipCapLayout.Read(weights, config.HiddenSize);
        var check = TensorCheck.Compare(weights, ClipCapTensors.List(config, layout), ClipCapTensors.Masks);
        KeyValuePair<string, object>[] facts =
        [
            new("mapper", $"{layout.Kind}"), new("image embedding", layout.ClipSize), new("prefix", layout.PrefixLength),
            new("vocabulary", config.VocabularySize), new("text layers", config.Layers), new("text width", config.HiddenSize),
        ];
        var files = Directory.EnumerateFiles(checkpoint.Path).Concat(Directory.EnumerateFiles(checkpoint.Gpt2Folder));
        return new(checkpoint.Path, checkpoint.Family, "original", facts, CheckpointReport.Sizes(checkpoint.Path, files), weights.Entries.Count,
            CheckpointReport.CountByType(weights), check.Missing, check.Unexpected, check.Wrong);
    }
}
