using System.Security.Cryptography;

namespace VideoCaptionRetrieval.Captioning;

/// <summary>Tells video files apart by content, not by name: length, and SHA-256 of both ends.</summary>
internal static class VideoContent
{
    private const int EndBytes = 1 << 20;

    internal static string Identify(string path)
    {
        using var file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[(int)Math.Min(EndBytes, file.Length)];
        hash.AppendData(buffer, 0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        file.Position = Math.Max(0, file.Length - EndBytes);
        hash.AppendData(buffer, 0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        return $"{file.Length}-{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
