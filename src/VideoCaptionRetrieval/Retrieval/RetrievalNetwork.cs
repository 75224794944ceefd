using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Retrieval;

/// <summary>
/// The encoder of a retrieval transformer: a checkpoint that is opened by the first computation, a CLIP in ONNX Runtime, a BLIP in libtorch.
/// Thread-safe.
/// </summary>
internal sealed class RetrievalNetwork : IDisposable
{
    private readonly DualEncoderCheckpoint _checkpoint;
    private readonly SharedNetwork<IDualEncoder> _encoder;
    private readonly Lazy<string> _stored, _identity;
    private InferenceOptions _inference = new();
    private TrainedCheckpoint? _trained;

    private RetrievalNetwork(IHostEnvironment environment, DualEncoderCheckpoint checkpoint, Lazy<string> stored, Lazy<string> identity)
    {
        (_checkpoint, _stored, _identity) = (checkpoint, stored, identity);
        _encoder = new(() => checkpoint.OpenForInference(_inference, ComputeDevice.Of(environment)),
            nameof(MultiCaptionRetrievalTransformer));
    }

    /// <summary>The checkpoint, for messages.</summary>
    internal string Name => _checkpoint.Path;

    /// <summary>D.</summary>
    internal int Dimension => _checkpoint.Dimension;

    /// <summary>What a frame must look like.</summary>
    internal FrameFormat Format => _checkpoint.FrameFormat;

    /// <summary>How embeddings are computed; can be changed until the encoder is opened.</summary>
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

    /// <summary>The encoder, opened if it is not yet.</summary>
    internal IDualEncoder Encoder => _encoder.Get();

    /// <summary>The checkpoint.</summary>
    internal DualEncoderCheckpoint Checkpoint => _checkpoint;

    /// <summary>
    /// A folder that holds this network's checkpoint and nothing else, in Hugging Face layout, of a CLIP with a graph of each tower. It belongs to the
    /// per-user cache; that of a checkpoint of the user's is written when it is first asked for.
    /// </summary>
    internal string CheckpointFolder => _stored.Value;

    /// <summary>
    /// A text that changes with weights, configuration or tokenizer: a SHA-256 in hexadecimal. The first call hashes the files.
    /// </summary>
    internal string Identity => _identity.Value;

    /// <summary>
    /// The network that was just trained, in a folder of its own until it is disposed.
    /// </summary>
    /// <param name="environment">ML.NET's environment.</param>
    /// <param name="save">Writes the network into the folder that it gets, as a saved model holds it.</param>
    internal static RetrievalNetwork Trained(IHostEnvironment environment, Action<string> save)
    {
        var trained = new TrainedCheckpoint(save);
        return new(environment, CheckpointFormats.Require<DualEncoderCheckpoint>(trained.Folder), new(trained.Folder), new(() => ModelFolder.Key(trained.Folder)))
        {
            _trained = trained,
        };
    }

    /// <summary>A checkpoint of the user's: its configuration is read now, its weights when they are needed.</summary>
    internal static RetrievalNetwork Named(IHostEnvironment environment, string path, int? imageSize = null)
    {
        var checkpoint = CheckpointFormats.Require<DualEncoderCheckpoint>(path, new(imageSize));
        return new(environment, checkpoint, new(() => ModelFolder.Store(folder => checkpoint.SaveForInference(folder))),
            new(() => ModelFolder.Key(checkpoint.Folder, checkpoint.Files)));
    }

    /// <summary>A checkpoint in the per-user cache, in a folder that is named by the hash of its content.</summary>
    internal static RetrievalNetwork Stored(IHostEnvironment environment, string folder) =>
        new(environment, CheckpointFormats.Require<DualEncoderCheckpoint>(folder), new(folder), new(Path.GetFileName(folder)));

    public void Dispose()
    {
        _encoder.Dispose();
        _trained?.Dispose();
    }
}

/// <summary>
/// The files of a network that was just trained, until its model is disposed: weights, and graphs for inference. Saving the model copies
/// them.
/// </summary>
internal sealed class TrainedCheckpoint : IDisposable
{
    /// <summary>Of a process that was killed, or that did not dispose its models; older than any that still needs them.</summary>
    private static readonly TimeSpan LeftOver = TimeSpan.FromDays(30);

    /// <param name="save">Writes the network's present weights into the folder that it gets.</param>
    internal TrainedCheckpoint(Action<string> save)
    {
        var place = Path.Combine(UserCache.Folder, "trained");
        Directory.CreateDirectory(place);
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
            // Somebody reads a file (Windows): it is left over, and deleted later.
        }
    }
}
