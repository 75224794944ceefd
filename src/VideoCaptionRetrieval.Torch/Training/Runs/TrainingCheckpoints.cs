using System.Globalization;
using System.Text.Json;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>
/// Checkpoints of a training in a folder: step-00000120/ with weights.safetensors, moments.safetensors and state.json, each complete or not
/// there at all. The last ones are kept.
/// </summary>
/// <param name="folder">The folder; it is made where it does not exist.</param>
/// <param name="keep">How many are kept.</param>
/// <param name="fingerprint">Names the training.</param>
internal sealed class TrainingCheckpoints(string folder, int keep, string fingerprint)
{
    private const string Prefix = "step-", Weights = "weights.safetensors", Moments = "moments.safetensors", StateFile = "state.json";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>The chunk size of the last checkpoint; null where there is none.</summary>
    internal int? ChunkSize => All().LastOrDefault() is { } last && Read(Path.Combine(last, StateFile)).ChunkSize is > 0 and var size ? size : null;

    /// <summary>Puts the last checkpoint's values into network and optimiser.</summary>
    /// <returns>Where the training stood; null where there is no checkpoint.</returns>
    /// <exception cref="InvalidOperationException">It is of another training.</exception>
    /// <exception cref="ModelFileException">A file is damaged.</exception>
    internal TrainingState? Restore(DualEncoderModel model, Adam optimiser, GradientScale? scale)
    {
        if (All().LastOrDefault() is not { } last) return null;
        var state = Read(Path.Combine(last, StateFile));
        if (state.Fingerprint != fingerprint)
        {
            throw new InvalidOperationException($"'{folder}' holds checkpoints of another training: its videos, captions or options differ. Give "
                + "another CheckpointFolder, or delete this one to begin anew.");
        }
        using (var weights = new SafetensorsFile(Path.Combine(last, Weights))) ModuleLoading.Load(model, weights);
        using var moments = new SafetensorsFile(Path.Combine(last, Moments));
        using var noGrad = no_grad();
        foreach (var (name, moment) in optimiser.Moments)
        {
            TensorCheck.Require(moments, name, moment.shape);
            using var stored = moments.Read(name);
            moment.copy_(stored);
        }
        optimiser.ContinueAfter(state.OptimiserSteps);
        scale?.Restore(state.GradientScale, state.GoodSteps);
        return state;
    }

    /// <summary>Writes a checkpoint, then deletes those that are too many.</summary>
    /// <param name="state">Where the training stands; its fingerprint is written here.</param>
    /// <param name="model">The weights.</param>
    /// <param name="optimiser">The moments.</param>
    internal void Save(TrainingState state, DualEncoderModel model, Adam optimiser)
    {
        var target = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{state.Step:00000000}"));
        if (Directory.Exists(target)) return;           // the one that the run went on from
        Directory.CreateDirectory(folder);
        AtomicFolder.Write(target, temporary =>
        {
            TorchWeights.Write(Path.Combine(temporary, Weights), model.state_dict());
            TorchWeights.Write(Path.Combine(temporary, Moments), optimiser.Moments);
            File.WriteAllText(Path.Combine(temporary, StateFile),
                JsonSerializer.Serialize(state with { Fingerprint = fingerprint }, Readable));
        });
        foreach (var old in All().SkipLast(keep)) Directory.Delete(old, recursive: true);
    }

    /// <summary>Complete checkpoints, oldest first.</summary>
    private IEnumerable<string> All() => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder, Prefix + "*").Where(path => int.TryParse(Path.GetFileName(path)[Prefix.Length..], out _))
            .Order(StringComparer.Ordinal)
        : [];

    private static TrainingState Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingState>(File.ReadAllBytes(path)) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new ModelFileException(path, $"the checkpoint is damaged ({e.Message}) Delete its folder to go on from the one before.", e);
        }
    }
}
