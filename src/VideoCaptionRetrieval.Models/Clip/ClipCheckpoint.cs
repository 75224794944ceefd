using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Checkpoints.Formats;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Clip.Graphs;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>
/// A CLIP checkpoint in any published format. Opening it reads configuration and tables, never weights.
/// Immutable and thread-safe.
/// </summary>
public sealed class ClipCheckpoint : DualEncoderCheckpoint
{
    private readonly ClipLayout _layout;
    private readonly ClipVisionConfig _own;      // for the image size of the weights

    private ClipCheckpoint(string path, ClipLayout layout, ClipConfig config, ImagePreprocessing preprocessing, int? imageSize)
    {
        (Path, _layout, _own) = (path, layout, config.Vision);
        var size = imageSize ?? config.Vision.ImageSize;
        Config = config with { Vision = config.Vision with { ImageSize = size } };
        Preprocessing = imageSize is null ? preprocessing : preprocessing.WithSize(size);
    }

    /// <summary>The path as the caller gave it.</summary>
    public override string Path { get; }

    /// <summary>The folder with configuration and tokenizer.</summary>
    public override string Folder => _layout.Folder;

    /// <summary>Path of the weights, or of the index of several files.</summary>
    internal string WeightsPath => _layout.Weights;

    internal ClipFormat Format => _layout.Format;

    /// <inheritdoc/>
    public override string Family => ClipFormats.Family;

    internal override CheckpointCapabilities Capabilities => CheckpointCapabilities.EmbedText | CheckpointCapabilities.EmbedImage
        | (Format == ClipFormat.Onnx ? CheckpointCapabilities.None : CheckpointCapabilities.Train);

    /// <summary>The network's configuration, for the image size that was asked for.</summary>
    public ClipConfig Config { get; }

    /// <inheritdoc/>
    public override ImagePreprocessing Preprocessing { get; }

    /// <inheritdoc/>
    public override int Dimension => Config.ProjectionSize;

    /// <summary>All files of the checkpoint; its folder may hold others.</summary>
    public override IEnumerable<string> Files => new[] { ConfigurationName }.OfType<string>()
        .Select(name => System.IO.Path.Combine(Folder, name))
        .Concat(Format == ClipFormat.Onnx ? Graphs()!.Files : [WeightsPath])
        .Concat(WeightsFormats.IsIndex(WeightsPath) ? WeightsIndex.Shards(WeightsPath) : [])
        .Concat(ClipProcessorFiles.Files(Folder));

    private string? ConfigurationName => Format switch
    {
        ClipFormat.OpenAI => null,
        ClipFormat.OpenClip => OpenClipConfig.FileName,
        _ => CheckpointFiles.Configuration,
    };

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="path">A folder, or a file of weights with configuration and tokenizer beside it.</param>
    /// <param name="imageSize">
    /// Width and height of images in pixels, for which position embeddings are interpolated; null = the checkpoint's.
    /// </param>
    /// <exception cref="ModelFileException">
    /// A file is missing or damaged, or holds another network; the message says what was found and what is expected.
    /// </exception>
    public static ClipCheckpoint Open(string path, int? imageSize = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var layout = ClipLayout.Detect(path);
        if (ClipTokenizerFiles.SourceOf(layout.Folder) == ClipTokenizerSource.None) throw ClipLayout.Missing(layout.Folder);
        var (config, preprocessing) = layout.Format switch
        {
            ClipFormat.HuggingFace or ClipFormat.Onnx => (ClipConfig.Read(layout.Folder), PreprocessorConfig.Read(layout.Folder)),
            ClipFormat.OpenClip => OpenClipConfig.Read(layout.Folder),
            _ => OpenAI(layout),
        };
        if (imageSize is { } size && (size < config.Vision.PatchSize || size > SquareSize.MaxPixels))
        {
            throw new ArgumentOutOfRangeException(nameof(imageSize), size,
                $"An image has {config.Vision.PatchSize} (one patch) to {SquareSize.MaxPixels} pixels a side.");
        }
        if (imageSize is not null && layout.Format == ClipFormat.Onnx)
            throw new ModelFileException(path,
                $"graphs take images of {config.Vision.ImageSize} pixels alone; another size needs the weights.");
        return new(path, layout, config, preprocessing, imageSize);
    }

    /// <summary>
    /// Finds the graphs for inference: an export's, or those beside a saved model's weights. Null where they must be built from the weights.
    /// </summary>
    /// <exception cref="ModelFileException">The export has no graphs with that precision.</exception>
    internal OnnxGraphFiles? Graphs(InferencePrecision precision = InferencePrecision.Full)
    {
        if (Format == ClipFormat.Onnx)
        {
            return OnnxGraphFiles.Find(Folder, precision)
                ?? throw new ModelFileException(Path, $"there are no {precision} graphs (as '{OnnxGraphFiles.QuantisedExample}').");
        }
        return precision == InferencePrecision.Full && Config.Vision == _own ? OnnxGraphFiles.Beside(Folder) : null;
    }

    /// <summary>Loads the tokenizer and checks that it fits the network.</summary>
    /// <exception cref="ModelFileException">A file is damaged, or its ids are too large.</exception>
    public ClipTokenizer LoadTokenizer(TextCleaning cleaning = TextCleaning.OpenAI)
    {
        var tokenizer = ClipTokenizer.Load(Folder, cleaning, Config.Text.ContextLength);
        if (tokenizer.LargestId < Config.Text.VocabularySize) return tokenizer;
        throw new ModelFileException(System.IO.Path.Combine(Folder, BytePairFiles.Vocabulary), $"the largest id is {tokenizer.LargestId}, "
            + $"but the network's table of tokens ('vocab_size') has {Config.Text.VocabularySize} rows; the two do not belong together.");
    }

    /// <summary>Opens the weights under Hugging Face's names, for a network of <see cref="Config"/>. The caller owns and disposes it.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged, or there are only graphs.</exception>
    internal WeightsFile OpenWeights()
    {
        if (Format == ClipFormat.Onnx)
        {
            throw new ModelFileException(Path, "it holds ONNX graphs alone, which embed frames and texts and can be neither trained nor "
                + "exported; expected a checkpoint with weights.");
        }
        using var source = WeightsFormats.Open(WeightsPath);
        var entries = ClipWeightNames.Canonical(source, Format);
        if (_own.Grid != Config.Vision.Grid)
        {
            using var named = new WeightsFile(WeightsPath, entries);
            entries = new(entries, StringComparer.Ordinal) { [ClipWeightNames.VisionPositions] = InterpolatePositions(named) };
        }
        return new(WeightsPath, entries);
    }

    /// <summary>As <see cref="OpenWeights"/>, and checks that they are the configuration's tensors.</summary>
    /// <exception cref="ModelFileException">A tensor is missing, left over, or of another shape.</exception>
    public WeightsFile OpenCheckedWeights()
    {
        var file = OpenWeights();
        try
        {
            // Before a network is created: a damaged configuration could require any amount of memory.
            TensorCheck.Compare(file, ClipTensors.List(Config), TensorCheck.PositionBuffers).Require();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads tokenizer files and preprocessor_config.json, name and content, so that saving the network does not need the source.
    /// </summary>
    public IReadOnlyDictionary<string, byte[]> ReadProcessorFiles() =>
        ClipProcessorFiles.Read(Folder, Preprocessing, keepPreprocessor: Format != ClipFormat.OpenClip && Config.Vision.ImageSize == _own.ImageSize);

    /// <summary>Checks that frames have the size that the network takes.</summary>
    public void CheckFrames()
    {
        if (Preprocessing.Format.Size == Config.Vision.ImageSize) return;
        throw new ModelFileException(Folder, $"the image preprocessing makes frames of {Preprocessing.Format.Size} pixels, but "
            + $"'vision_config.image_size' in {CheckpointFiles.Configuration} is {Config.Vision.ImageSize}; expected the same size.");
    }

    /// <inheritdoc/>
    public override OnnxClipEncoder OpenForInference(InferenceOptions options, InferenceDevice device) => OnnxClipEncoder.Open(this, options, device);

    /// <inheritdoc/>
    public override IntegerProducts? FindIntegerProducts(InferenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var isQuantised = options.Precision == InferencePrecision.Quantised || Graphs() is { AreQuantised: true };
        return isQuantised ? PreciseProducts.Of(options) : null;
    }

    /// <inheritdoc/>
    public override void ExportSafetensors(string folder) => ClipExport.ToSafetensors(this, folder);

    /// <inheritdoc/>
    public override void ExportOnnx(string folder) => ClipExport.ToOnnx(this, folder);

    /// <inheritdoc/>
    public override void SaveForInference(string folder) => ClipExport.ToSavedModel(this, folder);

    /// <inheritdoc/>
    internal override CheckpointReport Inspect() => ClipInspection.Inspect(this);

    /// <inheritdoc/>
    public override void ExtractText(string folder) => ClipTextEncoder.Extract(this, folder);

    /// <summary>Interpolates the image tower's position embeddings for images of <see cref="Config"/>'s size.</summary>
    private TensorEntry InterpolatePositions(WeightsFile named)
    {
        const string Name = ClipWeightNames.VisionPositions;
        var (asked, width) = (Config.Vision, _own.Tower.HiddenSize);
        TensorCheck.Require(named, Name, [_own.Patches + 1, width]);
        var resized = PositionInterpolation.Resize(named.ReadFloats(Name), width, _own.Grid, asked.Grid);
        return new(named.Entry(Name).File, TensorType.Float32, [asked.Patches + 1, width], 0, Values: MemoryMarshal.AsBytes(resized.AsSpan()).ToArray());
    }

    private static (ClipConfig Config, ImagePreprocessing Preprocessing) OpenAI(ClipLayout layout)
    {
        using var file = WeightsFormats.Open(layout.Weights);
        var config = OpenAIConfig.Read(file);
        return (config, PreprocessorConfig.FileOf(layout.Folder) is not null
            ? PreprocessorConfig.Read(layout.Folder)
            : PreprocessorConfig.Unstated(new(config.Vision.ImageSize)));
    }
}
