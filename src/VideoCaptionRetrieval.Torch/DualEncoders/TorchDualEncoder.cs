using System.Runtime.InteropServices;
using TorchSharp;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.DualEncoders;

/// <summary>A dual encoder whose network is in libtorch, with its tokenizer and image preprocessing.</summary>
/// <remarks>
/// Embedding is thread-safe: calls on one encoder run in parallel, as long as <see cref="Model"/> is neither trained nor moved meanwhile. The
/// caller owns and disposes it.
/// </remarks>
public abstract class TorchDualEncoder : IDualEncoder
{
    private protected const int ImagesAtOnce = 16;
    private protected const int TextsAtOnce = 64;

    /// <summary>Moves a network to a device and into evaluation mode.</summary>
    private protected TorchDualEncoder(DualEncoderModel model, ImagePreprocessing preprocessing, Device device)
    {
        (Preprocessing, Device) = (preprocessing, device);
        model.to(device);
        model.eval();
        // Moving creates new tensors, which a dispose scope of the caller must not free.
        foreach (var parameter in model.parameters()) parameter.DetachFromDisposeScope();
    }

    /// <summary>The network, on <see cref="Device"/>, in evaluation mode.</summary>
    internal abstract DualEncoderModel Model { get; }

    internal ImagePreprocessing Preprocessing { get; }

    internal Device Device { get; }

    /// <summary>ln of the scale on cosines, as the checkpoint stores it.</summary>
    internal float LogScale => Model.LogScale.item<float>();

    /// <inheritdoc/>
    public int Dimension => Model.Dimension;

    /// <inheritdoc/>
    public FrameFormat FrameFormat => Preprocessing.Format;

    /// <summary>Encodes texts as ids [texts, longest].</summary>
    internal abstract long[,] Tokenize(IReadOnlyList<string> texts);

    /// <summary>Whether a text is longer than the text tower's context, so that its end is cut off.</summary>
    internal abstract bool IsCut(string text);

    /// <inheritdoc/>
    public void EmbedFrames(ReadOnlySpan<byte> frames, int count, Span<float> embeddings)
    {
        EmbeddingSpans.Check(this, frames.Length, count, embeddings.Length);
        for (var start = 0; start < count; start += ImagesAtOnce)
        {
            var images = Math.Min(ImagesAtOnce, count - start);
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var pixelValues = PixelValues(frames.Slice(start * FrameFormat.FrameBytes, images * FrameFormat.FrameBytes), images);
            Copy(Model.EncodeImages(pixelValues), embeddings.Slice(start * Dimension, images * Dimension));
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
            var ids = tensor(Tokenize(part), device: Device);
            Copy(Model.EncodeTexts(ids), embeddings.Slice(start * Dimension, part.Count * Dimension));
        }
    }

    /// <summary>Normalises frames [count, S, S, 3] to pixel values [count, 3, S, S] on <see cref="Device"/>.</summary>
    internal Tensor PixelValues(ReadOnlySpan<byte> frames, int count)
    {
        var pixelValues = empty(count, 3, FrameFormat.Size, FrameFormat.Size, dtype: ScalarType.Float32);
        Preprocessing.Normalise(frames, count, MemoryMarshal.Cast<byte, float>(pixelValues.bytes));
        return pixelValues.to(Device);
    }

    /// <summary>Writes the checkpoint with the network's current weights (fp32), in Hugging Face layout.</summary>
    /// <param name="folder">A new or empty folder; it appears complete or not at all.</param>
    /// <exception cref="IOException">The folder exists and is not empty.</exception>
    internal abstract void Save(string folder);

    /// <summary>As <see cref="Save"/>, with the graphs that make inference fast, as saved models hold it.</summary>
    /// <inheritdoc cref="Save"/>
    internal abstract void SaveForInference(string folder);

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static void Copy(Tensor source, Span<float> target) =>
        MemoryMarshal.Cast<byte, float>(source.cpu().contiguous().bytes).CopyTo(target);
}
