using System.Runtime.InteropServices;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Native;
using VideoCaptionRetrieval.Models.Tokenization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Models.Clip;

/// <summary>
/// The text side of a CLIP checkpoint alone, on the CPU: what a search needs. Embedding is thread-safe; whoever loads it disposes it.
/// </summary>
internal sealed class ClipTextEncoder : IDisposable
{
    private readonly ClipTextModel _model;
    private readonly ClipTokenizer _tokenizer;

    private ClipTextEncoder(ClipTextModel model, ClipTokenizer tokenizer, int dimension) =>
        (_model, _tokenizer, Dimension) = (model, tokenizer, dimension);

    /// <summary>Length D of an embedding.</summary>
    internal int Dimension { get; }

    /// <summary>Copies the text side of a checkpoint into a folder: configuration, tokenizer files, and the weights of the text tower.</summary>
    /// <exception cref="ModelFileException">The checkpoint is incomplete or damaged.</exception>
    internal static void Extract(string checkpoint, string folder)
    {
        var source = ClipCheckpoint.Open(checkpoint);
        TorchRuntime.EnsureLoaded();
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in source.ReadCompanions()) File.WriteAllBytes(Path.Combine(folder, name), content);
        File.WriteAllText(Path.Combine(folder, CheckpointFiles.Configuration), source.Config.ToJson());
        using var scope = NewDisposeScope();
        using var file = source.OpenWeights();
        SafetensorsWriter.Write(Path.Combine(folder, CheckpointFiles.Weights),
            file.Entries.Keys.Where(ClipTextModel.Owns).Select(name => KeyValuePair.Create(name, file.Read(name))).ToList());
    }

    /// <summary>Loads what <see cref="Extract"/> wrote.</summary>
    /// <exception cref="ModelFileException">A file is missing, damaged, or asks for something not implemented.</exception>
    internal static ClipTextEncoder Load(string folder)
    {
        TorchRuntime.EnsureLoaded();
        var checkpoint = ClipCheckpoint.Open(folder);
        var tokenizer = checkpoint.LoadTokenizer();
        using var file = checkpoint.OpenWeights();
        var model = ModuleLoading.LoadOrDispose(new ClipTextModel(checkpoint.Config), file);
        model.eval();
        return new(model, tokenizer, checkpoint.Config.ProjectionSize);
    }

    /// <summary>The embedding [D] of a text, projected and not normalised.</summary>
    internal float[] Embed(string text)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var embedding = _model.Forward(tensor(_tokenizer.EncodeBatch([text]))).contiguous();    // (1, D)
        return MemoryMarshal.Cast<byte, float>(embedding.bytes).ToArray();
    }

    public void Dispose() => _model.Dispose();
}
