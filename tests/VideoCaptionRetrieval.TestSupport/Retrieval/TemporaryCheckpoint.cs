using TorchSharp;
using VideoCaptionRetrieval.Experiments;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.Layers;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.TestSupport.Retrieval;

/// <summary>A small checkpoint in a temporary folder.</summary>
internal sealed class TemporaryCheckpoint : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vcr-training-").FullName;

    internal TemporaryCheckpoint() => SmallModels.WriteClip(Folder, seed: 5);

    internal string Folder => Path.Combine(_root, "clip");

    internal string Zip => Path.Combine(_root, "model.zip");

    /// <summary>Sets all values of a weight.</summary>
    internal void Fill(string weight, float value)
    {
        var path = Path.Combine(Folder, "model.safetensors");
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (var file = new SafetensorsFile(path)) tensors = file.Entries.Keys.ToDictionary(name => name, file.Read);
        using Scalar scalar = value;
        tensors[weight].fill_(scalar);
        TorchWeights.Write(path, tensors);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
