using Microsoft.ML.Runtime;
using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip;

namespace VideoCaptionRetrieval.Training;

/// <summary>
/// The encoder of a retrieval transformer: a checkpoint that is opened in ONNX Runtime by the first computation. Thread-safe.
/// </summary>
internal sealed class RetrievalNetwork : IDisposable
{
    private readonly IHostEnvironment _environment;
    private readonly ClipCheckpoint _checkpoint;
    private readonly SharedNetwork<ClipOnnxEncoder> _encoder;
    private readonly Lazy<string> _stored, _identity;
    private InferenceOptions _inference = new();

    private RetrievalNetwork(IHostEnvironment environment, ClipCheckpoint checkpoint, bool isStored)
    {
        (_environment, _checkpoint) = (environment, checkpoint);
        _encoder = new(() => ClipInference.Open(checkpoint, _inference, ComputeDevice.ForInference(environment)),
            nameof(MultiCaptionRetrievalTransformer));
        _stored = isStored ? new(checkpoint.Folder) : new(() => ModelFolder.Store(folder => ClipExport.ToSavedModel(checkpoint, folder)));
        _identity = new(() => isStored ? Path.GetFileName(checkpoint.Folder) : ModelFolder.Key(checkpoint.Folder, checkpoint.Files));
    }

    /// <summary>The checkpoint, for messages.</summary>
    internal string Name => _checkpoint.Path;

    /// <summary>D.</summary>
    internal int Dimension => _checkpoint.Config.ProjectionSize;

    /// <summary>What a frame must look like.</summary>
    internal FrameFormat Format => _checkpoint.Preprocessing.Format;

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
    internal ClipCheckpoint Checkpoint => _checkpoint;

    /// <summary>
    /// A folder that holds this network's checkpoint and nothing else, in Hugging Face layout with a graph of each tower. It belongs to the
    /// per-user cache and is named by the hash of its content; it is written when it is first asked for.
    /// </summary>
    internal string CheckpointFolder => _stored.Value;

    /// <summary>
    /// A text that changes with weights, configuration or tokenizer: a SHA-256 in hexadecimal. The first call hashes the files.
    /// </summary>
    internal string Identity => _identity.Value;

    /// <summary>The network that was just trained. It goes into the per-user cache, and <paramref name="encoder"/> is disposed.</summary>
    internal static RetrievalNetwork Trained(IHostEnvironment environment, ClipEncoder encoder)
    {
        using (encoder) return Stored(environment, ModelFolder.Store(folder => ClipExport.ToSavedModel(encoder, folder)));
    }

    /// <summary>A checkpoint of the user's: its configuration is read now, its weights when they are needed.</summary>
    internal static RetrievalNetwork Named(IHostEnvironment environment, string path, int? imageSize = null) =>
        new(environment, ClipCheckpoint.Open(path, imageSize), isStored: false);

    /// <summary>A checkpoint in the per-user cache.</summary>
    internal static RetrievalNetwork Stored(IHostEnvironment environment, string folder) =>
        new(environment, ClipCheckpoint.Open(folder), isStored: true);

    public void Dispose() => _encoder.Dispose();
}
