using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Layers;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>The weights that did best on the held-out videos, in a file that is replaced when it is complete.</summary>
internal sealed class BestWeights : IDisposable
{
    private readonly string _path;
    private readonly bool _isTemporary;

    /// <param name="folder">Where the file stays, for a run that goes on; null = it vanishes with this object.</param>
    internal BestWeights(string? folder)
    {
        _isTemporary = folder is null;
        _path = folder is null ? Path.Combine(Path.GetTempPath(), $"vcr-best-{Guid.NewGuid():N}.safetensors") : Path.Combine(folder, "best.safetensors");
        if (folder is not null) Directory.CreateDirectory(folder);
    }

    internal void Save(DualEncoderModel model) => TorchWeights.Write(_path, model.state_dict());

    internal void Restore(DualEncoderModel model)
    {
        using var file = new SafetensorsFile(_path);
        ModuleLoading.Load(model, file);
    }

    public void Dispose()
    {
        if (_isTemporary) File.Delete(_path);
    }
}
