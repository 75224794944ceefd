using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Retrieval;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.Video;

[assembly: SavedModel<VideoCaptionRetrieval.MultiCaptionRetrievalTransformer>(
    "Embeds videos and texts into one space", "Multi-caption retrieval", VideoCaptionRetrieval.MultiCaptionRetrievalTransformer.LoaderName)]

namespace VideoCaptionRetrieval;

/// <summary>
/// Embeds videos, and the texts that search for them, into one space. Output columns: <see cref="EmbeddingColumn"/>, vector of Single [D], of
/// unit length, the mean of the un-normalised frame embeddings, normalised (what an index of nearest neighbours takes);
/// <see cref="FrameEmbeddingsColumn"/>, vector of Single [N, D], un-normalised, for query scoring.
/// </summary>
/// <remarks>
/// Reads a frame column, vector of Byte [N, S, S, 3], and a FrameError column where the data has one: rows with an error get zeros, and
/// no network runs on them. All frames of the column are embedded, except where the column has no frame source and holds k·FrameCount
/// frames: it is then a pool, as in training, and the middle one of each k is taken. The first value that is asked
/// for opens the network. Thread-safe; dispose it when it is no longer used.
/// </remarks>
public sealed class MultiCaptionRetrievalTransformer : BatchedTransformer, ISavedModel<MultiCaptionRetrievalTransformer>
{
    /// <summary>Name of the column with one embedding a video.</summary>
    public const string EmbeddingColumn = "Embedding";

    /// <summary>Name of the column with one embedding a frame.</summary>
    public const string FrameEmbeddingsColumn = "FrameEmbeddings";

    internal const string LoaderName = "MultiCaptionRetrieval";
    private const string CheckpointEntry = "checkpoint";

    private readonly RetrievalNetwork _network;
    private readonly RetrievalSettings _settings;

    /// <summary>Creates a transformer of an encoder; it owns and disposes the encoder.</summary>
    public MultiCaptionRetrievalTransformer(
        IHostEnvironment environment, RetrievalNetwork network, RetrievalSettings settings, IReadOnlyList<SkippedVideo>? skipped = null,
        TrainingSummary? training = null)
        : base(environment) => (_network, _settings, SkippedVideos, Training) = (network, settings, skipped ?? [], training);

    /// <summary>Adds the output columns to the shape of an estimator's input.</summary>
    public static SchemaShape AddOutputs(SchemaShape input)
    {
        // A shape tells vectors from scalars, not their length, which the checkpoint knows.
        var vector = new VectorDataViewType(NumberDataViewType.Single, 1);
        return ColumnShapes.With(input, [new(EmbeddingColumn, vector), new(FrameEmbeddingsColumn, vector)]);
    }

    /// <summary>Length D of an embedding.</summary>
    public int Dimension => _network.Dimension;

    /// <summary>N, the number of frames of a video in training, and the number to sample at test time.</summary>
    public int FrameCount => _settings.FrameCount;

    /// <summary>τ of query scoring.</summary>
    public double Temperature => _settings.Scoring.Temperature;

    /// <summary>How frames are pooled for a query.</summary>
    public FramePooling Pooling => _settings.Scoring.Pooling;

    /// <summary>The videos that training left out, with reasons; empty for a loaded model.</summary>
    public IReadOnlyList<SkippedVideo> SkippedVideos { get; }

    /// <summary>A summary of the training; null for a loaded model.</summary>
    public TrainingSummary? Training { get; }

    /// <summary>
    /// How embeddings are computed: threads, graph optimisation, precision. It can be set until the first embedding opens the network, and is
    /// not saved with the model. A BLIP runs in libtorch in float32; with another precision the first embedding throws.
    /// </summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    /// <exception cref="InvalidOperationException">The network is open already.</exception>
    public InferenceOptions Inference
    {
        get => _network.Inference;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _network.Inference = value;
        }
    }

    /// <summary>The similarity of a video and a query: pooling, τ, normalisation.</summary>
    public FrameScoring Scoring => _settings.Scoring;

    /// <summary>The frame column that the transformer reads.</summary>
    public string FramesColumn => _settings.FramesColumn;

    /// <summary>The network, opened by the first access; the transformer owns it.</summary>
    public IDualEncoder Encoder
    {
        get
        {
            ThrowIfDisposed();
            return _network.Encoder;
        }
    }

    /// <inheritdoc cref="RetrievalNetwork.CheckpointFolder"/>
    public string CheckpointFolder => _network.CheckpointFolder;

    /// <inheritdoc cref="RetrievalNetwork.Checkpoint"/>
    public DualEncoderCheckpoint Checkpoint => _network.Checkpoint;

    /// <inheritdoc cref="RetrievalNetwork.Identity"/>
    public string Identity => _network.Identity;

    /// <summary>The format of frames that the network takes.</summary>
    public FrameFormat FrameFormat => _network.Format;

    /// <summary>Embeds a text.</summary>
    /// <param name="text">Text of any length; tokens beyond the network's context are cut.</param>
    /// <returns>[D], of unit length: its dot product with <see cref="EmbeddingColumn"/> is their cosine.</returns>
    public float[] EmbedText(string text) => EmbedTexts([text])[0];

    /// <summary>Embeds several texts at once.</summary>
    /// <param name="texts">Texts of any length; tokens beyond the network's context are cut.</param>
    /// <returns>One vector [D] of unit length for each text, in order.</returns>
    public IReadOnlyList<float[]> EmbedTexts(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var embeddings = new float[texts.Count * Dimension];
        Encoder.EmbedTexts(texts, embeddings);
        var vectors = embeddings.Chunk(Dimension).ToArray();
        foreach (var vector in vectors) UnitVector.Normalise(vector);
        return vectors;
    }

    /// <summary>Embeds an image, which is resized and cropped as frames are.</summary>
    /// <param name="path">A JPEG, PNG, GIF, WebP or BMP.</param>
    /// <returns>[D], of unit length, to search an index with.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It holds no readable image.</exception>
    public float[] EmbedImage(string path)
    {
        var image = ImageFile.Load(path);
        return EmbedImage(image.Pixels, image.Width, image.Height);
    }

    /// <param name="pixels">RGB, row after row: [height, width, 3].</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    /// <exception cref="ArgumentException">The pixels are more or fewer than width and height say.</exception>
    /// <inheritdoc cref="EmbedImage(string)"/>
    public float[] EmbedImage(ReadOnlySpan<byte> pixels, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != 3L * width * height)
            throw new ArgumentException($"An image of {width}x{height} pixels has {3L * width * height} bytes of RGB; got {pixels.Length}.", nameof(pixels));
        var (frame, embedding) = (new byte[FrameFormat.FrameBytes], new float[Dimension]);
        FramePreparation.Prepare(pixels, width, height, FrameFormat, frame);
        Encoder.EmbedFrames(frame, 1, embedding);
        UnitVector.Normalise(embedding);
        return embedding;
    }

    /// <summary>
    /// Writes the network as a checkpoint folder in Hugging Face layout (config.json, model.safetensors, tokenizer files,
    /// preprocessor_config.json), which this library and Python's transformers open. τ, pooling and frame count are no part of it.
    /// </summary>
    /// <param name="folder">A new or empty folder; it is written whole or not at all.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    /// <exception cref="ModelFileException">The model was opened from ONNX graphs, which hold no weights by name.</exception>
    public void ExportCheckpoint(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _network.Checkpoint.ExportSafetensors(folder);
    }

    /// <summary>
    /// Writes the network as a folder with ONNX graphs (opset 17, float32, dynamic batch): onnx/vision_model.onnx, pixel_values
    /// [batch, 3, S, S] → image_embeds [batch, D], and onnx/text_model.onnx, input_ids [batch, sequence] → text_embeds [batch, D], both
    /// projected and not normalised, beside configuration, tokenizer and preprocessing. ML.NET's ApplyOnnxModel takes them too.
    /// </summary>
    /// <inheritdoc cref="ExportCheckpoint"/>
    /// <exception cref="ModelFileException">The model was opened from a BLIP, which has no export to ONNX, or from ONNX graphs.</exception>
    public void ExportOnnx(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _network.Checkpoint.ExportOnnx(folder);
    }

    /// <summary>Creates a model from a checkpoint as it is: zero-shot retrieval, and the baseline of a training.</summary>
    internal static MultiCaptionRetrievalTransformer FromCheckpoint(
        IHostEnvironment environment, string folder, RetrievalSettings settings, int? imageSize = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new(environment, RetrievalNetwork.Named(environment, folder, imageSize), settings);
    }

    static ModelFormat ISavedModel<MultiCaptionRetrievalTransformer>.Format => SavedAs;

    static MultiCaptionRetrievalTransformer ISavedModel<MultiCaptionRetrievalTransformer>.Load(IHostEnvironment environment, ModelReader reader)
    {
        string? warning = null;
        var settings = RetrievalSettings.Read(reader, message => warning = message);
        var folder = ModelFolder.Read(reader, CheckpointEntry);
        var loaded = new MultiCaptionRetrievalTransformer(environment, RetrievalNetwork.Stored(environment, folder), settings);
        if (warning is not null) loaded.LogWarning(warning);
        return loaded;
    }

    internal override IReadOnlyList<BatchComputation> Bind(DataViewSchema input)
    {
        var frames = FrameColumnView.Find(input, _settings.FramesColumn);
        frames.RequireSize(_network.Format.Size, $"checkpoint '{_network.Name}'");
        DataViewSchema.Column? error = input.GetColumnOrNull(FrameSamplerTransformer.ErrorColumn) is null
            ? null
            : ColumnShapes.Require(input, FrameSamplerTransformer.ErrorColumn, TextDataViewType.Instance, vector: false);
        return [new FrameEmbedding(_network, frames, error, Entries(frames))];
    }

    /// <summary>Returns the indices of the embedded frames of a pool; null = all frames of the column.</summary>
    internal int[]? Entries(FrameColumnView frames)
    {
        var isPool = !FrameSourceAnnotation.TryGet(frames.Column, out IFrameSource? _) && frames.Count > FrameCount && frames.Count % FrameCount == 0;
        return isPool ? SegmentPlan.PoolMiddles(FrameCount, frames.Count / FrameCount) : null;
    }

    private protected override ModelFormat SavedFormat => SavedAs;

    private static ModelFormat SavedAs { get; } = new("MCRETRVL", LoaderName, Version: 2);

    // *** Layout: the settings, then the checkpoint folder ***
    private protected override void Save(ModelWriter writer)
    {
        ThrowIfDisposed();
        _settings.Write(writer);
        ModelFolder.Write(writer, CheckpointEntry, CheckpointFolder);
    }

    private protected override void DisposeNetworks() => _network.Dispose();
}
