using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>
/// The dual encoder of a retrieval transformer; the first computation opens it, a CLIP in ONNX Runtime, a BLIP in libtorch. Thread-safe.
/// </summary>
public sealed class RetrievalNetwork : IDisposable
{
    private readonly DualEncoderCheckpoint _checkpoint;
    private readonly SharedNetwork<IDualEncoder> _encoder;
    private readonly Lazy<string> _stored, _identity;
    private InferenceOptions _inference = new();
    private TrainedCheckpoint? _trained;

    private RetrievalNetwork(IHostEnvironment environment, DualEncoderCheckpoint checkpoint, Lazy<string> stored, Lazy<string> identity)
    {
        (_checkpoint, _stored, _identity) = (checkpoint, stored, identity);
        _encoder = new(() => checkpoint.OpenForInference(_inference, ComputeDevice.Choose(environment)),
            nameof(MultiCaptionRetrievalTransformer));
    }

    /// <summary>The path of the checkpoint, for messages.</summary>
    internal string Name => _checkpoint.Path;

    /// <summary>Length D of an embedding.</summary>
    internal int Dimension => _checkpoint.Dimension;

    /// <summary>The format of frames that the network takes.</summary>
    internal FrameFormat Format => _checkpoint.FrameFormat;

    /// <summary>How embeddings are computed; can be set until the encoder is opened.</summary>
    internal InferenceOptions Inference
    {
        get => _inference.Copy();
        set
        {
            value.Validate();
            if (_encoder.IsOpen)
                throw new InvalidOperationException("The network is open already. Set Inference before the first embedding is computed.");
            _inference = value.Copy();
        }
    }

    /// <summary>The encoder, opened by the first access.</summary>
    internal IDualEncoder Encoder => _encoder.Get();

    internal DualEncoderCheckpoint Checkpoint => _checkpoint;

    /// <summary>
    /// A folder with this network's checkpoint alone, in Hugging Face layout, of a CLIP with a graph of each tower. It lies in the per-user
    /// cache; that of a user's own checkpoint is written by the first access.
    /// </summary>
    internal string CheckpointFolder => _stored.Value;

    /// <summary>
    /// SHA-256 of weights, configuration and tokenizer, in hexadecimal. The first access hashes the files.
    /// </summary>
    internal string Identity => _identity.Value;

    /// <summary>Creates the network that was just trained, in a folder of its own that is deleted when the network is disposed.</summary>
    /// <param name="environment">ML.NET's environment.</param>
    /// <param name="save">Writes the network into the given folder, as a saved model holds it.</param>
    public static RetrievalNetwork Trained(IHostEnvironment environment, Action<string> save)
    {
        var trained = new TrainedCheckpoint(save);
        var checkpoint = CheckpointFormats.Require<DualEncoderCheckpoint>(trained.Folder);
        return new(environment, checkpoint, new(trained.Folder), new(() => ModelFolder.Key(trained.Folder)))
        {
            _trained = trained,
        };
    }

    /// <summary>Opens a user's checkpoint: its configuration is read now, its weights when they are needed.</summary>
    internal static RetrievalNetwork Named(IHostEnvironment environment, string path, int? imageSize = null)
    {
        var checkpoint = CheckpointFormats.Require<DualEncoderCheckpoint>(path, new(imageSize));
        return new(environment, checkpoint, new(() => ModelFolder.Store(folder => checkpoint.SaveForInference(folder))),
            new(() => ModelFolder.Key(checkpoint.Folder, checkpoint.Files)));
    }

    /// <summary>Opens a checkpoint of the per-user cache, in a folder that is named by the hash of its content.</summary>
    internal static RetrievalNetwork Stored(IHostEnvironment environment, string folder) =>
        new(environment, CheckpointFormats.Require<DualEncoderCheckpoint>(folder), new(folder), new(Path.GetFileName(folder)));

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _trained?.Dispose();
    }
}

/// <summary>
/// Keeps the files of a network that was just trained until its model is disposed: weights, and graphs for inference. Saving the model
/// copies them.
/// </summary>
internal sealed class TrainedCheckpoint : IDisposable
{
    /// <summary>Older folders are left over from killed processes, or from models that were not disposed.</summary>
    private static readonly TimeSpan LeftOver = TimeSpan.FromDays(30);

    /// <param name="save">Writes the network's weights into the given folder.</param>
    internal TrainedCheckpoint(Action<string> save)
    {
        var place = UserCache.CreateFolder("trained");
        DeleteLeftOvers(place);
        Folder = Path.Combine(place, Guid.NewGuid().ToString("N"));
        save(Folder);
    }

    /// <summary>The folder, in the per-user cache.</summary>
    internal string Folder { get; }

    public void Dispose() => TryDelete(Folder);

    private static void DeleteLeftOvers(string place)
    {
        foreach (var folder in new DirectoryInfo(place).EnumerateDirectories())
            if (DateTime.UtcNow - folder.LastWriteTimeUtc > LeftOver) TryDelete(folder.FullName);
    }

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A reader has a file open (Windows); the folder is deleted later.
        }
    }
}
