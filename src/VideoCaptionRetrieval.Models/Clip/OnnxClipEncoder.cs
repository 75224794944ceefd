using System.Buffers;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Clip.Configuration;
using VideoCaptionRetrieval.Models.Clip.Graphs;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Onnx;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>
/// A CLIP for inference in ONNX Runtime, without libtorch. Embedding is thread-safe; all callers share two sessions and their threads. The
/// caller owns and disposes it.
/// </summary>
public sealed class OnnxClipEncoder : IDualEncoder
{
    private const int ImagesAtOnce = 16;

    private readonly OnnxSession[] _sessions;
    private readonly GraphImageTower _images;
    private readonly OnnxClipTexts _texts;
    private readonly ImagePreprocessing _preprocessing;

    private OnnxClipEncoder(
        OnnxSession text, OnnxSession vision, ClipConfig config, ClipTokenizer tokenizer, ImagePreprocessing preprocessing)
    {
        _sessions = text == vision ? [text] : [text, vision];
        _preprocessing = preprocessing;
        try
        {
            _images = new(vision, config.Vision.ImageSize);
            _texts = new(new(text, config.Vision.ImageSize), tokenizer);
            Dimension = _images.Dimension > 0 ? _images.Dimension : config.ProjectionSize;
            if (_texts.Dimension > 0 && _texts.Dimension != Dimension)
                throw new ModelFileException(text.Source,
                    $"its embeddings have {_texts.Dimension} values, those of '{vision.Source}' {Dimension}.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public FrameFormat FrameFormat => _preprocessing.Format;

    /// <summary>Opens a checkpoint of any format. The caller owns and disposes the encoder.</summary>
    /// <exception cref="ModelFileException">A file is missing or damaged, or the files do not fit each other.</exception>
    /// <exception cref="InvalidOperationException">The GPU is not available, and falling back to the CPU is not allowed.</exception>
    public static OnnxClipEncoder Open(ClipCheckpoint checkpoint, InferenceOptions? options = null, InferenceDevice device = default)
    {
        options ??= new();
        checkpoint.CheckFrames();
        var (config, tokenizer, preprocessing) = (checkpoint.Config, checkpoint.LoadTokenizer(), checkpoint.Preprocessing);
        if (checkpoint.Graphs(options.Precision) is { } graphs)
        {
            // Graphs of a saved model map its weights into memory without looking at them.
            if (checkpoint.Format != ClipFormat.Onnx) checkpoint.OpenCheckedWeights().Dispose();
            return FromGraphs(graphs, config, tokenizer, preprocessing, options, device);
        }
        using var weights = checkpoint.OpenWeights();
        return FromWeights(weights, config, tokenizer, preprocessing, options, device);
    }

    /// <summary>Opens graphs in files.</summary>
    /// <exception cref="ModelFileException">A file is damaged, or holds no CLIP of this configuration.</exception>
    internal static OnnxClipEncoder FromGraphs(OnnxGraphFiles files, ClipConfig config, ClipTokenizer tokenizer,
        ImagePreprocessing preprocessing, InferenceOptions? options = null, InferenceDevice device = default)
    {
        options ??= new();
        var text = OnnxSession.Open(files.Text, options, device);
        return With(text, () => new(text, files.IsSingle ? text : OnnxSession.Open(files.Vision, options, device),
            config, tokenizer, preprocessing));
    }

    /// <summary>Builds the graphs for weights of any format and opens them; the weights are mapped into memory, not copied.</summary>
    /// <exception cref="ModelFileException">A tensor is missing, left over, or of another shape.</exception>
    internal static OnnxClipEncoder FromWeights(WeightsFile weights, ClipConfig config, ClipTokenizer tokenizer,
        ImagePreprocessing preprocessing, InferenceOptions? options = null, InferenceDevice device = default)
    {
        TensorCheck.Compare(weights, ClipTensors.List(config), TensorCheck.PositionBuffers).Require();
        options ??= new();
        var text = ClipGraphs.OpenText(weights, config, options, device);
        return With(text, () => new(text, ClipGraphs.OpenVision(weights, config, options, device),
            config, tokenizer, preprocessing));
    }

    /// <inheritdoc/>
    public void EmbedFrames(ReadOnlySpan<byte> frames, int count, Span<float> embeddings)
    {
        EmbeddingSpans.Check(this, frames.Length, count, embeddings.Length);
        var values = ArrayPool<float>.Shared.Rent(Math.Min(count, ImagesAtOnce) * FrameFormat.FrameBytes);
        try
        {
            for (var start = 0; start < count; start += ImagesAtOnce)
            {
                var images = Math.Min(ImagesAtOnce, count - start);
                var pixels = values.AsMemory(0, images * FrameFormat.FrameBytes);
                _preprocessing.Normalise(frames.Slice(start * FrameFormat.FrameBytes, pixels.Length), images, pixels.Span);
                _images.Embed(pixels, images, embeddings.Slice(start * Dimension, images * Dimension));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }

    /// <inheritdoc/>
    public void EmbedTexts(IReadOnlyList<string> texts, Span<float> embeddings)
    {
        EmbeddingSpans.Check(this, texts.Count, embeddings.Length);
        _texts.Embed(texts, Dimension, embeddings);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var session in _sessions) session.Dispose();
    }

    private static OnnxClipEncoder With(OnnxSession text, Func<OnnxClipEncoder> open)
    {
        try
        {
            return open();
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }
}
