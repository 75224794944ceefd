using System.Security.Cryptography;
using System.Text;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>Short names for contents: the first half of a SHA-256, in hexadecimal.</summary>
internal static class Fingerprint
{
    private const int Bytes = 16;

    internal static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, Bytes));
}
