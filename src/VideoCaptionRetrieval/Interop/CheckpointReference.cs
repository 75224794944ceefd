using System.Security.Cryptography;
using System.Text;
using VideoCaptionRetrieval.Models;
using VideoCaptionRetrieval.Models.Imaging;

namespace VideoCaptionRetrieval.Interop;

/// <summary>
/// A checkpoint that a saved model names and does not hold: the folder as the user gave it, what its frames look like, and a
/// fingerprint by which a changed checkpoint is noticed.
/// </summary>
/// <param name="Folder">The folder, absolute or seen from the working directory.</param>
/// <param name="FrameSize">Width and height of its frames, in pixels.</param>
/// <param name="Fingerprint">SHA-256 in hexadecimal over names, lengths, and both ends of all files.</param>
internal sealed record CheckpointReference(string Folder, int FrameSize, string Fingerprint)
{
    private const int EndBytes = 1 << 20;

    private static string Missing => $"the folder does not exist (working directory '{Directory.GetCurrentDirectory()}')";

    /// <summary>Describes a folder.</summary>
    /// <exception cref="ModelFileException">The folder is missing, or does not say what a frame looks like.</exception>
    internal static CheckpointReference Of(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new ModelFileException(folder, $"{Missing}; expected a checkpoint in Hugging Face layout; {MissingModel.Advice}");
        return new(folder, ImagePreprocessing.Read(folder).Format.Size, Hash(folder));
    }

    /// <summary>Checks that the folder is still there and unchanged.</summary>
    /// <returns>A warning for people, or null.</returns>
    /// <exception cref="ModelFileException">The folder is missing.</exception>
    internal string? Check(string purpose)
    {
        if (!Directory.Exists(Folder))
        {
            throw new ModelFileException(Folder,
                $"{Missing}; {purpose} takes its weights from there, saved models do not hold them; {MissingModel.Advice}");
        }
        return Hash(Folder) == Fingerprint
            ? null
            : $"'{Folder}' has changed since the model was made; {purpose} goes on with what is there now.";
    }

    internal void Write(ModelWriter writer)
    {
        writer.Write(Folder);
        writer.Write(FrameSize);
        writer.Write(Fingerprint);
    }

    internal static CheckpointReference Read(ModelReader reader) => new(reader.ReadString(), reader.ReadInt32(), reader.ReadString());

    // Both ends stand for the whole: a safetensors header lists all tensors, and training changes every part of the weights.
    private static string Hash(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[EndBytes];
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Name}\n{file.Length}\n"));
            using var stream = file.OpenRead();
            hash.AppendData(buffer, 0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
            if (file.Length <= EndBytes) continue;
            stream.Position = Math.Max(EndBytes, file.Length - EndBytes);
            hash.AppendData(buffer, 0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
