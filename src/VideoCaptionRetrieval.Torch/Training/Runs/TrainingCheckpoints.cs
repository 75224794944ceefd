using System.Globalization;
using System.Text.Json;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Torch.DualEncoders;
using VideoCaptionRetrieval.Torch.Layers;
using VideoCaptionRetrieval.Torch.Training.Data;
using VideoCaptionRetrieval.Torch.Training.Optimization;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>
/// Checkpoints of a training in a folder: step-00000120/ with weights.safetensors, moments.safetensors and state.json, each complete or not
/// there at all. The last ones are kept.
/// </summary>
/// <param name="folder">The folder; it is made where it does not exist.</param>
/// <param name="keep">How many are kept.</param>
/// <param name="fingerprint">Identifies the training (<see cref="TrainingFingerprint"/>).</param>
/// <param name="validation">Identifies its validation set; empty where there is none.</param>
internal sealed class TrainingCheckpoints(string folder, int keep, string fingerprint, string validation)
{
    private const string Prefix = "step-", Weights = "weights.safetensors", Moments = "moments.safetensors", StateFile = "state.json";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>The chunk size of the last checkpoint; null where there is none.</summary>
    internal int? ChunkSize => All().LastOrDefault() is { } last && Read(Path.Combine(last, StateFile)).ChunkSize is > 0 and var size ? size : null;

    /// <summary>Puts the last checkpoint's values into network and optimiser.</summary>
    /// <returns>Where the training stood; null where there is no checkpoint.</returns>
    /// <exception cref="InvalidOperationException">It is of another training, or another version wrote it.</exception>
    /// <exception cref="ModelFileException">A file is damaged.</exception>
    internal TrainingState? Restore(DualEncoderModel model, Adam optimiser, GradientScaler? scaler)
    {
        if (All().LastOrDefault() is not { } last) return null;
        var state = Read(Path.Combine(last, StateFile));
        RequireSameTraining(state);
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
        scaler?.Restore(state.GradientScale, state.GrowthTracker);
        return state;
    }

    /// <summary>Writes a checkpoint, then deletes those that are too many.</summary>
    /// <param name="state">Where the training stands; version and fingerprint are added.</param>
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
                JsonSerializer.Serialize(
                    state with { Version = TrainingState.CurrentVersion, Fingerprint = fingerprint, Validation = validation }, Readable));
        });
        foreach (var old in All().SkipLast(keep)) Directory.Delete(old, recursive: true);
    }

    private void RequireSameTraining(TrainingState state)
    {
        const string Advice = "Give another Checkpoints.Folder, or delete this one to start again.";
        if (state.Version != TrainingState.CurrentVersion)
        {
            var writer = state.Version < TrainingState.CurrentVersion ? "an earlier" : "a later";
            throw new InvalidOperationException($"'{folder}' holds checkpoints that {writer} version of this library wrote, in another format; "
                + $"this one cannot go on from them. Finish the training with the version that began it. {Advice}");
        }
        if (state.Fingerprint != fingerprint)
        {
            throw new InvalidOperationException($"'{folder}' holds checkpoints of another training: its videos, captions or options differ. {Advice}");
        }
        if (state.Validation != validation)
        {
            throw new InvalidOperationException($"'{folder}' holds checkpoints of a training with another validation set: its videos or captions differ, or "
                + $"there was none, so that what was measured before cannot be compared. {Advice}");
        }
    }

    /// <summary>Complete checkpoints, oldest first.</summary>
    private IEnumerable<string> All() => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder, Prefix + "*").Where(path => int.TryParse(Path.GetFileName(path)[Prefix.Length..], CultureInfo.InvariantCulture, out _))
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

/// <summary>
/// Where a training stands, besides its weights and its optimiser's moments. Everything drawn follows from the seed, the epoch and the video.
/// </summary>
/// <param name="Version">The format; 0: the first builds wrote none.</param>
/// <param name="Fingerprint">Identifies data and options.</param>
/// <param name="Step">Steps that are done.</param>
/// <param name="OptimiserSteps">Updates that the optimiser has made.</param>
/// <param name="ChunkSize">Images that go through the network at once.</param>
/// <param name="Unreadable">The videos that turned out unreadable.</param>
/// <param name="Validations">What was measured on the validation set so far; empty where there is none.</param>
/// <param name="GradientScale">The factor on gradients in float16; 0 in other precisions.</param>
/// <param name="GrowthTracker">Steps since that factor changed.</param>
/// <param name="Validation">Identifies the validation set; empty where there is none.</param>
internal sealed record TrainingState(
    int Version, string Fingerprint, int Step, int OptimiserSteps, int ChunkSize, IReadOnlyList<UnreadableItem> Unreadable,
    IReadOnlyList<ValidationPoint> Validations, double GradientScale = 0, int GrowthTracker = 0, string Validation = "")
{
    internal const int CurrentVersion = 2;

    /// <summary>A state for <see cref="TrainingCheckpoints.Save"/>, which adds version and fingerprint.</summary>
    internal TrainingState(
        int step, int optimiserSteps, int chunkSize, IReadOnlyList<UnreadableItem> unreadable, IReadOnlyList<ValidationPoint> validations,
        GradientScaler? scaler)
        : this(0, "", step, optimiserSteps, chunkSize, [.. unreadable], [.. validations], scaler?.Value ?? 0, scaler?.GrowthTracker ?? 0)
    {
    }
}
