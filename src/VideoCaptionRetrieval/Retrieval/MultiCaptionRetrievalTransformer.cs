using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Objective;
using VideoCaptionRetrieval.Retrieval;
using VideoCaptionRetrieval.Sampling;
using VideoCaptionRetrieval.Video;

[assembly: SavedModel<VideoCaptionRetrieval.MultiCaptionRetrievalTransformer>(
    "Embeds videos and texts into one space", "Multi-caption retrieval", VideoCaptionRetrieval.MultiCaptionRetrievalTransformer.LoaderName)]

namespace VideoCaptionRetrieval;

/// <summary>
/// Embeds videos, and texts that are to find them, into one space. Output columns: <see cref="EmbeddingColumn"/>, vector of Single [D], of
/// unit length, the mean of the un-normalised frame embeddings, normalised (what an index of nearest neighbours takes);
/// <see cref="FrameEmbeddingsColumn"/>, vector of Single [N, D], un-normalised, for query scoring.
/// </summary>
/// <remarks>
/// Reads a frame column, vector of Byte [N, S, S, 3], and a FrameError column where the data has one: rows with an error get zeros, and
/// no network runs on them. All frames of the column are embedded, except where the column has no frame source and holds k·FrameCount
/// frames: it is then a pool, as in training, and the middle one of each k is taken. The network is opened by the first value that is
/// asked for. Thread-safe; dispose it when nobody uses it any more.
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

    internal MultiCaptionRetrievalTransformer(
        IHostEnvironment environment, RetrievalNetwork network, RetrievalSettings settings, IReadOnlyList<SkippedVideo>? skipped = null,
        TrainingSummary? training = null)
        : base(environment) => (_network, _settings, SkippedVideos, Training) = (network, settings, skipped ?? [], training);

    /// <summary>Length D of an embedding.</summary>
    public int Dimension => _network.Dimension;

    /// <summary>N, the frames of a video that the model was trained with: the count to sample at test time.</summary>
    public int FrameCount => _settings.FrameCount;

    /// <summary>τ of query scoring.</summary>
    public double Temperature => _settings.Scoring.Temperature;

    /// <summary>How frames are pooled for a query.</summary>
    public FramePooling Pooling => _settings.Scoring.Pooling;

    /// <summary>The videos that training left out, and why; empty for a model that was loaded.</summary>
    public IReadOnlyList<SkippedVideo> SkippedVideos { get; }

    /// <summary>How the training went; null for a model that was loaded.</summary>
    public TrainingSummary? Training { get; }

    /// <summary>
    /// How embeddings are computed: threads, graph optimisation, precision. It can be set until the network is opened by the first
    /// embedding, and is not saved: it belongs to the machine. A BLIP runs in libtorch, in float32; the first embedding refuses another precision.
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

    /// <summary>How a video is compared with a query.</summary>
    internal FrameScoring Scoring => _settings.Scoring;

    /// <summary>The frame column that the transformer reads.</summary>
    internal string FramesColumn => _settings.FramesColumn;

    /// <summary>The column of errors that it reads where there is one.</summary>
    internal string FrameErrorColumn => _settings.FrameErrorColumn;

    /// <summary>The network, opened if it is not yet; it belongs to the transformer.</summary>
    internal IDualEncoder Encoder
    {
        get
        {
            ThrowIfDisposed();
            return _network.Encoder;
        }
    }

    /// <inheritdoc cref="RetrievalNetwork.CheckpointFolder"/>
    internal string CheckpointFolder => _network.CheckpointFolder;

    /// <inheritdoc cref="RetrievalNetwork.Checkpoint"/>
    internal DualEncoderCheckpoint Checkpoint => _network.Checkpoint;

    /// <inheritdoc cref="RetrievalNetwork.Identity"/>
    internal string Identity => _network.Identity;

    /// <summary>What a frame must look like.</summary>
    internal FrameFormat FrameFormat => _network.Format;

    /// <summary>Embeds a text.</summary>
    /// <param name="text">Any length; what exceeds the network's context is cut.</param>
    /// <returns>[D], of unit length: its product with <see cref="EmbeddingColumn"/> is their cosine.</returns>
    public float[] EmbedText(string text) => EmbedTexts([text])[0];

    /// <summary>Embeds several texts at once.</summary>
    /// <param name="texts">Any length each; what exceeds the network's context is cut.</param>
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

    /// <summary>
    /// Writes the network as a checkpoint folder in Hugging Face layout (config.json, model.safetensors, tokenizer files,
    /// preprocessor_config.json), which this library and Python's transformers open. τ, pooling and frame count are no part of it.
    /// </summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    /// <exception cref="ModelFileException">The model was made from ONNX graphs, which hold no weights by name.</exception>
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
    /// <exception cref="ModelFileException">The model was made from a BLIP, of which no graphs are made, or from graphs.</exception>
    public void ExportOnnx(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _network.Checkpoint.ExportOnnx(folder);
    }

    /// <summary>A frozen checkpoint as a model: what zero-shot retrieval and a baseline need.</summary>
    internal static MultiCaptionRetrievalTransformer FromCheckpoint(
        IHostEnvironment environment, string folder, RetrievalSettings settings, int? imageSize = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new(environment, RetrievalNetwork.Named(environment, folder, imageSize), settings);
    }

    static ModelFormat ISavedModel<MultiCaptionRetrievalTransformer>.Format => SavedAs;

    static MultiCaptionRetrievalTransformer ISavedModel<MultiCaptionRetrievalTransformer>.Load(IHostEnvironment environment, ModelReader reader)
    {
        var settings = RetrievalSettings.Read(reader);
        var folder = ModelFolder.Read(reader, CheckpointEntry);
        return new(environment, RetrievalNetwork.Stored(environment, folder), settings);
    }

    internal override IReadOnlyList<BatchComputation> Bind(DataViewSchema input)
    {
        var frames = FrameVector.Of(input, _settings.FramesColumn);
        frames.RequireSize(_network.Format.Size, $"checkpoint '{_network.Name}'");
        DataViewSchema.Column? error = input.GetColumnOrNull(_settings.FrameErrorColumn) is null
            ? null
            : ColumnShapes.Require(input, _settings.FrameErrorColumn, TextDataViewType.Instance, vector: false);
        return [new FrameEmbedding(_network, frames, error, Entries(frames))];
    }

    /// <summary>Which frames of a pool are embedded; null: all of the column.</summary>
    internal int[]? Entries(FrameVector frames)
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
