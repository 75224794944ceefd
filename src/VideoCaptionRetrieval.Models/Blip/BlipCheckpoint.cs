using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Checkpoints.Formats;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Layouts of published BLIP checkpoints.</summary>
internal enum BlipFormat
{
    /// <summary>Hugging Face: config.json and 'vision_model.…'.</summary>
    HuggingFace,

    /// <summary>The authors' .pth: 'visual_encoder.…', with med_config.json or nothing beside it.</summary>
    Original,
}

/// <summary>Task of a BLIP network.</summary>
public enum BlipTask
{
    /// <summary>Writes captions: BlipForConditionalGeneration.</summary>
    Captioning,

    /// <summary>Embeds images and texts, and says whether two of them match: BlipForImageTextRetrieval.</summary>
    Retrieval,
}

/// <summary>
/// A BLIP checkpoint in Hugging Face layout or the authors'. Opening it reads configuration and tables, and from the weights at most a temperature.
/// Where preprocessor_config.json (or config.json beside a .pth) states another image size than that of the weights, position embeddings are
/// interpolated. Immutable and thread-safe.
/// </summary>
public sealed class BlipCheckpoint
{
    private readonly BlipVisionConfig _own;         // for the image size of the weights

    private BlipCheckpoint(string folder, string weights, BlipFormat format, BlipTask task, BlipConfig config, ImagePreprocessing preprocessing)
    {
        (Folder, WeightsPath, Format, Task, _own, Preprocessing) = (folder, weights, format, task, config.Vision, preprocessing);
        if (preprocessing.Format.Size < config.Vision.PatchSize)
        {
            throw new ModelFileException(folder, $"frames are to have {preprocessing.Format.Size} pixels a side; a patch has "
                + $"{config.Vision.PatchSize}, expected at least that.");
        }
        Config = config with { Vision = config.Vision with { ImageSize = preprocessing.Format.Size } };
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Path of the weights, or of the index of several files.</summary>
    internal string WeightsPath { get; }

    internal BlipFormat Format { get; }

    internal BlipTask Task { get; }

    /// <summary>Sizes of the network, for images of <see cref="Preprocessing"/>'s size.</summary>
    public BlipConfig Config { get; }

    /// <summary>What is done to an image before the network sees it.</summary>
    public ImagePreprocessing Preprocessing { get; }

    /// <summary>All files of the checkpoint; its folder may hold others.</summary>
    internal IEnumerable<string> Files =>
        new[]
        {
            CheckpointFiles.Configuration, "med_config.json", Path.GetFileName(WordPieceFiles.Find(Folder)), WordPieceFiles.Configuration,
            CheckpointFiles.Preprocessor, CheckpointFiles.Processor,
        }
        .OfType<string>().Select(name => Path.Combine(Folder, name)).Where(File.Exists)
        .Append(WeightsPath).Concat(WeightsFormats.IsIndex(WeightsPath) ? WeightsIndex.Shards(WeightsPath) : []);

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The checkpoint's folder.</param>
    /// <param name="task">Task of the network.</param>
    /// <param name="imageSize">Width and height of images in pixels; null = as the folder says.</param>
    /// <exception cref="ModelFileException">A file is missing or damaged, or holds another network.</exception>
    public static BlipCheckpoint Open(string folder, BlipTask task = BlipTask.Captioning, int? imageSize = null)
    {
        var path = FindWeights(folder, task);
        using var weights = WeightsFormats.Open(path);
        var original = IsOriginal(weights, task);
        var config = original ? BlipOriginalConfig.Read(folder, weights, WordPieceTokenizer.Load(folder), task) : BlipConfig.Read(folder);
        var preprocessing = !original || PreprocessorConfig.FileOf(folder) is not null
            ? PreprocessorConfig.Read(folder)
            : PreprocessorConfig.Unstated(new(BlipOriginalConfig.ImageSize(folder) ?? config.Vision.ImageSize, FrameFit.Stretch));
        if (imageSize is { } size) preprocessing = preprocessing.WithSize(size);
        return new(folder, path, original ? BlipFormat.Original : BlipFormat.HuggingFace, task, config, preprocessing);
    }

    /// <summary>Whether a file holds one of the authors' networks for a task.</summary>
    internal static bool IsOriginal(WeightsFile weights, BlipTask task = BlipTask.Captioning) =>
        weights.Entries.ContainsKey(BlipWeightNames.OriginalPositions) && BlipWeightNames.Serve(weights.Entries.Keys, task);

    /// <summary>Opens the weights under Hugging Face's names, for a network of <see cref="Config"/>. The caller owns and disposes it.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged.</exception>
    public WeightsFile OpenWeights()
    {
        var source = WeightsFormats.Open(WeightsPath);
        if (Format == BlipFormat.HuggingFace && Task == BlipTask.Captioning && _own.ImageSize == Config.Vision.ImageSize) return source;
        using (source)
        {
            var entries = BlipWeightNames.Canonical(source, Task);
            if (Task == BlipTask.Retrieval) entries[BlipWeightNames.LogScale] = LogScale(source);
            if (_own.Positions != Config.Vision.Positions)
            {
                using var named = new WeightsFile(WeightsPath, entries);
                entries = new(entries, StringComparer.Ordinal) { [BlipWeightNames.Positions] = Interpolate(named) };
            }
            return new(WeightsPath, entries);
        }
    }

    /// <summary>Loads the tokenizer and checks that it fits the network.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged, or has more tokens than the network.</exception>
    public WordPieceTokenizer LoadTokenizer()
    {
        var tokenizer = WordPieceTokenizer.Load(Folder);
        return tokenizer.VocabularySize <= Config.Text.VocabularySize
            ? tokenizer
            : throw new ModelFileException(Folder, $"'{Path.GetFileName(WordPieceFiles.Find(Folder))}' has {tokenizer.VocabularySize} tokens, the network's table of tokens "
                + $"('text_config.vocab_size') '{Config.Text.VocabularySize}' rows; expected no more tokens than that.");
    }

    /// <summary>Interpolates the position embeddings for images of <see cref="Config"/>'s size.</summary>
    private TensorEntry Interpolate(WeightsFile named)
    {
        const string Name = BlipWeightNames.Positions;
        TensorCheck.Require(named, Name, [1, _own.Positions, _own.HiddenSize]);
        var resized = PositionInterpolation.Resize(named.ReadFloats(Name), _own.HiddenSize, _own.Grid, Config.Vision.Grid);
        return new(named.Entry(Name).File, TensorType.Float32, [1, Config.Vision.Positions, _own.HiddenSize], 0,
            Values: MemoryMarshal.AsBytes(resized.AsSpan()).ToArray());
    }

    /// <summary>Creates the scale's tensor, which neither layout has: config.json holds its logarithm, the authors' file the temperature.</summary>
    private TensorEntry LogScale(WeightsFile source) => new(source.Path, TensorType.Float32, [], 0,
        Values: MemoryMarshal.AsBytes<float>(new[] { (float)Config.LogScale }).ToArray());

    private static string FindWeights(string folder, BlipTask task)
    {
        var expected = $"expected a BLIP {(task == BlipTask.Retrieval ? "retrieval" : "captioning")} checkpoint: Hugging Face's config.json, "
            + "model.safetensors, vocab.txt or tokenizer.json, or the authors' .pth alone with the same";
        if (!Directory.Exists(folder)) throw new ModelFileException(folder, $"the folder does not exist; {expected}; {MissingModel.Advice}");
        return CheckpointFiles.FindWeights(folder) ?? CheckpointFiles.OnlyLoose(folder)
            ?? throw new ModelFileException(Path.Combine(folder, CheckpointFiles.Weights), $"the file does not exist; {expected}; {MissingModel.Advice}");
    }
}

/// <summary>Describes a BLIP checkpoint in any layout.</summary>
internal static class BlipInspection
{
    internal static CheckpointReport Inspect(BlipCheckpoint checkpoint)
    {
        var (config, frames, retrieval) = (checkpoint.Config, checkpoint.Preprocessing.Format, checkpoint.Task == BlipTask.Retrieval);
        using var weights = checkpoint.OpenWeights();
        var expected = retrieval
            ? BlipTensors.ListRetrieval(config)
            : BlipTensors.ListCaptioner(config, BlipHeadLayout.Find(weights, config.MayTieWordEmbeddings));
        var check = TensorCheck.Compare(weights, expected, TensorCheck.PositionBuffers);
        KeyValuePair<string, object>[] facts =
        [
            new("image size", config.Vision.ImageSize), new("patch size", config.Vision.PatchSize),
            new("image layers", config.Vision.Layers), new("image width", config.Vision.HiddenSize),
            new("vocabulary", config.Text.VocabularySize), new("text layers", config.Text.Layers),
            new("text width", config.Text.HiddenSize), new("frames", $"{frames.Size} x {frames.Size}, {frames.Fit}"),
        ];
        return new(checkpoint.Folder, retrieval ? BlipFormats.RetrievalFamily : BlipFormats.CaptioningFamily,
            checkpoint.Format == BlipFormat.HuggingFace ? "Hugging Face" : "original", facts,
            CheckpointReport.Sizes(checkpoint.Folder, checkpoint.Files), weights.Entries.Count,
            CheckpointReport.CountByType(weights), check.Missing, check.Unexpected, check.Wrong);
    }
}

/// <summary>Writes complete checkpoint folders in Hugging Face layout, which <see cref="BlipCheckpoint.Open"/> can open.</summary>
public static class BlipFolder
{
    /// <summary>Writes a network of any task.</summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <param name="saveModel">Writes config.json and model.safetensors into the folder whose path it receives.</param>
    /// <param name="tokenizer">Vocabulary and settings.</param>
    /// <param name="preprocessing">Image preprocessing.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    public static void Write(string folder, Action<string> saveModel, WordPieceTokenizer tokenizer, ImagePreprocessing preprocessing) =>
        AtomicFolder.Write(folder, temporary =>
    {
        saveModel(temporary);
        tokenizer.Save(temporary);
        File.WriteAllBytes(Path.Combine(temporary, TokenizerJson.FileName), tokenizer.ToLibraryFile());
        File.WriteAllText(Path.Combine(temporary, CheckpointFiles.Preprocessor), Json(preprocessing).ToJsonString(new() { WriteIndented = true }) + "\n");
    });

    private static JsonObject Json(ImagePreprocessing preprocessing) => new()
    {
        ["do_normalize"] = true,
        ["do_rescale"] = true,
        ["do_resize"] = true,
        ["image_mean"] = JsonFile.Floats(preprocessing.Mean),
        ["image_processor_type"] = "BlipImageProcessor",
        ["image_std"] = JsonFile.Floats(preprocessing.StandardDeviation),
        ["resample"] = PreprocessorConfig.Resample(preprocessing.Format.Filter),
        ["rescale_factor"] = JsonFile.Float(preprocessing.RescaleFactor),
        ["size"] = new JsonObject { ["height"] = preprocessing.Format.Size, ["width"] = preprocessing.Format.Size },
    };
}
