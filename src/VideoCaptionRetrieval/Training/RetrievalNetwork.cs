using VideoCaptionRetrieval.Batching;
using VideoCaptionRetrieval.Interop;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Clip;
using static TorchSharp.torch;

namespace VideoCaptionRetrieval.Training;

/// <summary>
/// The encoder of a retrieval transformer: just trained, or a checkpoint folder that is opened by the first computation. Thread-safe.
/// </summary>
internal sealed class RetrievalNetwork : IDisposable
{
    private readonly SharedNetwork<ClipEncoder> _encoder;
    private readonly Lazy<string> _stored, _identity;
    private readonly string? _usersFolder;

    private RetrievalNetwork(Func<ClipEncoder> open, string name, int dimension, FrameFormat format, string? stored, string? usersFolder = null)
    {
        (Name, Dimension, Format, _usersFolder) = (name, dimension, format, usersFolder);
        _encoder = new(open, nameof(MultiCaptionRetrievalTransformer));
        _stored = stored is null ? new(() => ModelFolder.Store(folder => Encoder.Save(folder))) : new(stored);
        _identity = new(() => usersFolder is null
            ? Path.GetFileName(CheckpointFolder)
            : IdentityOf(ClipCheckpoint.Open(usersFolder)));
    }

    /// <summary>The checkpoint, for messages.</summary>
    internal string Name { get; }

    /// <summary>D.</summary>
    internal int Dimension { get; }

    /// <summary>What a frame must look like.</summary>
    internal FrameFormat Format { get; }

    /// <summary>The encoder, opened if it is not yet.</summary>
    internal ClipEncoder Encoder => _encoder.Get();

    /// <summary>
    /// A folder in Hugging Face layout that holds this network's checkpoint and nothing else. It belongs to the per-user cache and is
    /// named by the hash of its content; it is written when it is first asked for.
    /// </summary>
    internal string CheckpointFolder => _stored.Value;

    /// <summary>
    /// The checkpoint's files, a folder that may hold others, or the file of weights: the user's own, where there is one, else
    /// <see cref="CheckpointFolder"/>.
    /// </summary>
    internal string SourceFolder => _usersFolder ?? CheckpointFolder;

    /// <summary>
    /// A text that changes with weights, configuration or tokenizer: a SHA-256 in hexadecimal. The first call hashes the files.
    /// </summary>
    internal string Identity => _identity.Value;

    /// <summary>A network that is in memory; the transformer owns it from now on.</summary>
    internal static RetrievalNetwork Trained(ClipEncoder encoder, string name)
    {
        var network = new RetrievalNetwork(() => encoder, name, encoder.Dimension, encoder.FrameFormat, stored: null);
        network._encoder.Get();         // owned, so disposed with the rest, even if nobody asks for it
        return network;
    }

    /// <summary>A checkpoint of the user's, a folder or a file: its configuration is read now, its weights when they are needed.</summary>
    internal static RetrievalNetwork Folder(string folder, Func<Device> device) => Lazily(folder, device, stored: null, folder);

    /// <summary>A checkpoint in the per-user cache.</summary>
    internal static RetrievalNetwork Stored(string folder, Func<Device> device) => Lazily(folder, device, folder);

    public void Dispose() => _encoder.Dispose();

    private static string IdentityOf(ClipCheckpoint checkpoint) => ModelFolder.Key(checkpoint.Folder, checkpoint.Files);

    private static RetrievalNetwork Lazily(string folder, Func<Device> device, string? stored, string? usersFolder = null)
    {
        var checkpoint = ClipCheckpoint.Open(folder);
        return new(() => ClipEncoder.Load(folder, device()), folder, checkpoint.Config.ProjectionSize, checkpoint.Preprocessing.Format, stored, usersFolder);
    }
}
