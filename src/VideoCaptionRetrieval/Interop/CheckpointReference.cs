using System.Security.Cryptography;
using System.Text;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Families;
using VideoCaptionRetrieval.Models.Registry;

namespace VideoCaptionRetrieval.Interop;

/// <summary>
/// A checkpoint that a saved model names and does not hold: the folder as the user gave it, the size of its frames, and a fingerprint by
/// which a changed checkpoint is noticed.
/// </summary>
/// <param name="Folder">The folder, or the file of weights, absolute or relative to the working directory; or a name (<see cref="ModelHub"/>).</param>
/// <param name="FrameSize">Width and height of its frames, in pixels.</param>
/// <param name="Fingerprint">SHA-256 in hexadecimal over names, lengths, and both ends of all files.</param>
/// <param name="IsCaptioner">Whether it is a captioner's; else it is a CLIP.</param>
/// <param name="Clip">The CLIP of a captioner where it lies in a folder of its own.</param>
internal sealed record CheckpointReference(string Folder, int FrameSize, string Fingerprint, bool IsCaptioner = false, string? Clip = null)
{
    private const int EndBytes = 1 << 20;

    /// <summary>Describes a checkpoint.</summary>
    /// <exception cref="ModelFileException">It is missing, or does not say what a frame looks like.</exception>
    internal static CheckpointReference Describe(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new(folder, CheckpointFormats.ReadPreprocessing(folder).Format.Size, Hash(FilesOf(folder)));
    }

    /// <summary>Describes a captioner's checkpoint.</summary>
    /// <exception cref="ModelFileException">It is missing, or is no captioner.</exception>
    internal static CheckpointReference DescribeCaptioner(string path, string? clip)
    {
        var checkpoint = CheckpointFormats.Require<CaptionerCheckpoint>(path, new(Clip: clip));
        return new(path, checkpoint.FrameFormat.Size, Hash(FilesOf(checkpoint)), IsCaptioner: true, clip);
    }

    /// <summary>Checks that the checkpoint is still there and unchanged.</summary>
    /// <returns>A warning where it has changed; null where it has not.</returns>
    /// <exception cref="ModelFileException">It is missing.</exception>
    internal string? Check(string purpose)
    {
        if (ModelHub.Find(Folder) is null)
        {
            throw new ModelFileException(Folder, $"it is neither here (working directory '{Directory.GetCurrentDirectory()}') nor in the cache; "
                + $"{purpose} takes its weights from there, saved models do not hold them; {MissingModel.Advice}");
        }
        return Hash(IsCaptioner ? FilesOf(CheckpointFormats.Require<CaptionerCheckpoint>(Folder, new(Clip: Clip))) : FilesOf(Folder)) == Fingerprint
            ? null
            : $"'{Folder}' has changed since the model was made; {purpose} goes on with what is there now.";
    }

    /// <summary>Reads the reference of a component of version 1: the parameters in their order.</summary>
    internal static CheckpointReference ReadVersion1(ModelReader reader) =>
        new(reader.ReadString(), reader.ReadInt32(), reader.ReadString(), reader.ReadBoolean(), reader.ReadOptionalString());

    // Both ends stand for the whole: a safetensors header lists all tensors, and training changes every part of the weights.
    private static string Hash(IEnumerable<FileInfo> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[EndBytes];
        foreach (var file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            using var stream = file.OpenRead();         // its length is the file's own; that of a FileInfo is a link's
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Name}\n{stream.Length}\n"));
            hash.AppendData(buffer, 0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
            if (stream.Length <= EndBytes) continue;
            stream.Position = Math.Max(EndBytes, stream.Length - EndBytes);
            hash.AppendData(buffer, 0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Returns all files of a folder; of a checkpoint that is named by its weights, its own files alone.</summary>
    private static IEnumerable<FileInfo> FilesOf(string path) => ModelHub.Find(path) is { } found && Directory.Exists(found)
        ? new DirectoryInfo(found).EnumerateFiles()
        : FilesOf(CheckpointFormats.Require<DualEncoderCheckpoint>(path));

    private static IEnumerable<FileInfo> FilesOf(Checkpoint checkpoint) => checkpoint.Files.Select(file => new FileInfo(file));
}
