using System.Runtime.InteropServices;
using TorchSharp;
using VideoCaptionRetrieval.Models.Imaging;
using VideoCaptionRetrieval.Models.Native;
using VideoCaptionRetrieval.Models.Tokenization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>
/// A CLIP checkpoint with its tokenizer and image preprocessing. Embedding is thread-safe: calls on one encoder run side by side,
/// as long as nobody trains or moves <see cref="Model"/> meanwhile. Whoever loads it disposes it.
/// </summary>
internal sealed class ClipEncoder : IDualEncoder
{
    private const int ImagesAtOnce = 16;
    private const int TextsAtOnce = 64;

    private readonly IReadOnlyDictionary<string, byte[]> _companions;

    private ClipEncoder(
        ClipModel model, ClipTokenizer tokenizer, ImagePreprocessing preprocessing, Device device, IReadOnlyDictionary<string, byte[]> companions)
    {
        (Model, Tokenizer, Preprocessing, Device, _companions) = (model, tokenizer, preprocessing, device, companions);
        Model.to(device);
        Model.eval();
        // Moving makes new tensors; a scope of the caller must not end them.
        foreach (var parameter in Model.parameters()) parameter.DetachFromDisposeScope();
    }

    /// <summary>The network, on <see cref="Device"/>, in evaluation mode.</summary>
    internal ClipModel Model { get; }

    internal ClipTokenizer Tokenizer { get; }

    internal ImagePreprocessing Preprocessing { get; }

    internal Device Device { get; }

    /// <summary>ln of the scale on cosines, as the checkpoint stores it.</summary>
    internal float LogScale => Model.logit_scale.item<float>();

    /// <inheritdoc/>
    public int Dimension => Model.Config.ProjectionSize;

    /// <inheritdoc/>
    public FrameFormat FrameFormat => Preprocessing.Format;

    /// <summary>Loads a checkpoint in any published format.</summary>
    /// <param name="path">A folder, or a file of weights whose configuration and tokenizer lie beside it.</param>
    /// <param name="device">Where the network runs; null = the CPU.</param>
    /// <param name="cleaning">How texts are prepared.</param>
    /// <exception cref="ModelFileException">A file is missing, damaged, or asks for something not implemented.</exception>
    internal static ClipEncoder Load(string path, Device? device = null, TextCleaning cleaning = TextCleaning.OpenAI) =>
        Load(ClipCheckpoint.Open(path), device, cleaning);

    /// <summary>Loads a checkpoint, perhaps for another image size than its own.</summary>
    /// <inheritdoc cref="Load(string, Device?, TextCleaning)"/>
    internal static ClipEncoder Load(ClipCheckpoint checkpoint, Device? device = null, TextCleaning cleaning = TextCleaning.OpenAI)
    {
        TorchRuntime.EnsureLoaded();
        var tokenizer = checkpoint.LoadTokenizer(cleaning);
        var companions = checkpoint.ReadCompanions();
        return new(checkpoint.LoadModel(), tokenizer, checkpoint.Preprocessing, device ?? CPU, companions);
    }

    /// <inheritdoc/>
    public void EmbedFrames(ReadOnlySpan<byte> frames, int count, Span<float> embeddings)
    {
        EmbeddingSpans.Check(this, frames.Length, count, embeddings.Length);
        for (var start = 0; start < count; start += ImagesAtOnce)
        {
            var images = Math.Min(ImagesAtOnce, count - start);
            EmbedImages(frames.Slice(start * FrameFormat.FrameBytes, images * FrameFormat.FrameBytes), images,
                embeddings.Slice(start * Dimension, images * Dimension));
        }
    }

    /// <inheritdoc/>
    public void EmbedTexts(IReadOnlyList<string> texts, Span<float> embeddings)
    {
        EmbeddingSpans.Check(this, texts.Count, embeddings.Length);
        for (var start = 0; start < texts.Count; start += TextsAtOnce)
        {
            var part = texts.Skip(start).Take(TextsAtOnce).ToList();
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var ids = tensor(Tokenizer.EncodeBatch(part), device: Device);
            Copy(Model.EncodeTexts(ids), embeddings.Slice(start * Dimension, part.Count * Dimension));
        }
    }

    /// <summary>
    /// Writes the checkpoint with the network's present weights (fp32); <see cref="Load(string, Device?, TextCleaning)"/> reads it
    /// again.
    /// </summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    internal void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ClipExport.Write(folder, Model, _companions);
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private void EmbedImages(ReadOnlySpan<byte> frames, int count, Span<float> embeddings)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var pixelValues = empty(count, 3, FrameFormat.Size, FrameFormat.Size, dtype: ScalarType.Float32);
        Preprocessing.Normalise(frames, count, MemoryMarshal.Cast<byte, float>(pixelValues.bytes));
        Copy(Model.EncodeImages(pixelValues.to(Device)), embeddings);
    }

    private static void Copy(Tensor source, Span<float> target) =>
        MemoryMarshal.Cast<byte, float>(source.cpu().contiguous().bytes).CopyTo(target);
}
