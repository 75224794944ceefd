using System.Security.Cryptography;
using System.Text;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>Short names for contents: the first half of a SHA-256, in hexadecimal.</summary>
internal static class Fingerprint
{
    private const int Bytes = 16;

    internal static string Of(string text) => Text(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Of the names and contents of all files below a folder.</summary>
    internal static string OfFolder(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file) + "\n"));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Text(hash.GetHashAndReset());
    }

    private static string Text(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, Bytes));
}
