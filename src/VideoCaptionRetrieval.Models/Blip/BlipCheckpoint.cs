using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Layers;
using VideoCaptionRetrieval.Models.Native;
using VideoCaptionRetrieval.Models.Tokenization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>
/// A BLIP captioning checkpoint, in Hugging Face layout or the authors': what it is and where it lies. Opening it reads configuration and
/// tables, never weights. Where preprocessor_config.json (or beside a .pth, config.json) asks for another image size than the weights were
/// made for, positions are interpolated. Immutable and thread-safe.
/// </summary>
internal sealed class BlipCheckpoint
{
    private readonly BlipVisionConfig _own;         // of the image size that the weights were made for

    private BlipCheckpoint(string folder, string weights, BlipFormat format, BlipConfig config, ImagePreprocessing preprocessing)
    {
        (Folder, WeightsPath, Format, _own, Preprocessing) = (folder, weights, format, config.Vision, preprocessing);
        if (preprocessing.Format.Size < config.Vision.PatchSize)
        {
            throw new ModelFileException(folder, $"frames are to have {preprocessing.Format.Size} pixels a side; a patch has "
                + $"{config.Vision.PatchSize}, expected at least that.");
        }
        Config = config with { Vision = config.Vision with { ImageSize = preprocessing.Format.Size } };
    }

    internal string Folder { get; }

    /// <summary>The file of weights, or the index of several.</summary>
    internal string WeightsPath { get; }

    internal BlipFormat Format { get; }

    /// <summary>The network for the images that <see cref="Preprocessing"/> makes.</summary>
    internal BlipConfig Config { get; }

    internal ImagePreprocessing Preprocessing { get; }

    /// <summary>All files that it is made of; the folder may hold others.</summary>
    internal IEnumerable<string> Files =>
        new[] { CheckpointFiles.Configuration, "med_config.json", WordPieceFiles.Vocabulary, WordPieceFiles.Configuration, CheckpointFiles.Preprocessor }
        .Select(name => Path.Combine(Folder, name)).Where(File.Exists)
        .Append(WeightsPath).Concat(WeightsFormats.IsIndex(WeightsPath) ? WeightsIndex.Shards(WeightsPath) : []);

    /// <summary>Opens a folder.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged, or is another network.</exception>
    internal static BlipCheckpoint Open(string folder)
    {
        var path = FindWeights(folder);
        using var weights = WeightsFormats.Open(path);
        if (!IsOriginal(weights))
            return new(folder, path, BlipFormat.HuggingFace, BlipConfig.Read(folder), PreprocessorConfig.Read(folder));
        var config = BlipOriginalConfig.Read(folder, weights, WordPieceTokenizer.Load(folder));
        var preprocessing = File.Exists(Path.Combine(folder, CheckpointFiles.Preprocessor))
            ? PreprocessorConfig.Read(folder)
            : new(new(BlipOriginalConfig.ImageSize(folder) ?? config.Vision.ImageSize, FrameFit.Stretch));
        return new(folder, path, BlipFormat.Original, config, preprocessing);
    }

    /// <summary>Whether a file holds one of the authors' captioners.</summary>
    internal static bool IsOriginal(WeightsFile weights) =>
        weights.Entries.ContainsKey(BlipWeightNames.OriginalPositions) && weights.Entries.Keys.Any(name => name.StartsWith("text_decoder.", StringComparison.Ordinal));

    /// <summary>Opens the weights under Hugging Face's names, for networks of <see cref="Config"/>. The caller disposes it.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged.</exception>
    internal WeightsFile OpenWeights()
    {
        var source = WeightsFormats.Open(WeightsPath);
        if (Format == BlipFormat.HuggingFace && _own.ImageSize == Config.Vision.ImageSize) return source;
        using (source)
        {
            var entries = BlipWeightNames.Canonical(source);
            if (_own.Positions != Config.Vision.Positions)
            {
                using var named = new WeightsFile(WeightsPath, entries);
                entries = new(entries, StringComparer.Ordinal) { [BlipWeightNames.Positions] = Interpolate(named) };
            }
            return new(WeightsPath, entries);
        }
    }

    /// <summary>Makes the network and fills it. The caller disposes it.</summary>
    /// <exception cref="ModelFileException">A tensor is missing, left over, or of another shape.</exception>
    internal BlipModel LoadModel()
    {
        TorchRuntime.EnsureLoaded();
        using var file = OpenWeights();
        return ModuleLoading.LoadOrDispose(new BlipModel(Config, BlipHeadLayout.Of(file, Config.MayTieWordEmbeddings)), file);
    }

    /// <summary>Loads the tokenizer, which must fit the network.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged, or has more tokens than the network.</exception>
    internal WordPieceTokenizer LoadTokenizer()
    {
        var tokenizer = WordPieceTokenizer.Load(Folder);
        return tokenizer.VocabularySize <= Config.Text.VocabularySize
            ? tokenizer
            : throw new ModelFileException(Folder, $"{WordPieceFiles.Vocabulary} has {tokenizer.VocabularySize} tokens, the network's table of tokens "
                + $"('text_config.vocab_size') '{Config.Text.VocabularySize}' rows; expected no more tokens than that.");
    }

    /// <summary>The position table for the images that the network is to take.</summary>
    private TensorEntry Interpolate(WeightsFile named)
    {
        const string Name = BlipWeightNames.Positions;
        TensorCheck.Require(named, Name, [1, _own.Positions, _own.HiddenSize]);
        var resized = PositionInterpolation.Resize(named.Singles(Name), _own.HiddenSize, _own.Grid, Config.Vision.Grid);
        return new(named.Entry(Name).File, ScalarType.Float32, [1, Config.Vision.Positions, _own.HiddenSize], 0,
            Values: MemoryMarshal.AsBytes(resized.AsSpan()).ToArray());
    }

    private static string FindWeights(string folder)
    {
        const string Expected = "expected a BLIP captioning checkpoint: Hugging Face's config.json, model.safetensors, vocab.txt, or the authors' "
            + ".pth alone with vocab.txt";
        if (!Directory.Exists(folder)) throw new ModelFileException(folder, $"the folder does not exist; {Expected}; {MissingModel.Advice}");
        return CheckpointFiles.FindWeights(folder) ?? CheckpointFiles.OnlyLoose(folder)
            ?? throw new ModelFileException(Path.Combine(folder, CheckpointFiles.Weights), $"the file does not exist; {Expected}; {MissingModel.Advice}");
    }
}
