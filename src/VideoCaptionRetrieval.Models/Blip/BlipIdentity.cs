using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VideoCaptionRetrieval.Models.Checkpoints;
using VideoCaptionRetrieval.Models.Generation;
using VideoCaptionRetrieval.Models.Tokenization;

namespace VideoCaptionRetrieval.Models.Blip;

/// <summary>Names everything that captions depend on: the bytes of the checkpoint's files and the decoding settings.</summary>
internal static class BlipIdentity
{
    private const int BufferBytes = 1 << 20;

    private static readonly string[] Files =
    [
        CheckpointFiles.Configuration, CheckpointFiles.Weights, WordPieceFiles.Vocabulary, WordPieceFiles.Configuration,
        CheckpointFiles.Preprocessor,
    ];

    /// <summary>Hashes the files once, on the first use.</summary>
    internal static Lazy<string> Lazily(string folder, GenerationRules rules, string? prompt) =>
        new(() => $"blip sha256:{Hash(folder)} {Settings(rules, prompt)}");

    private static string Settings(GenerationRules rules, string? prompt) => FormattableString.Invariant(
        $"beams={rules.Beams} length={rules.MinLength}-{rules.MaxLength} repetition={rules.RepetitionPenalty} ")
        + FormattableString.Invariant($"ngram={rules.NoRepeatNgramSize} penalty={rules.LengthPenalty} ")
        + FormattableString.Invariant($"prompt={JsonSerializer.Serialize(prompt ?? "")}");

    private static string Hash(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        foreach (var name in Files)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path)) continue;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{file.Length}\n"));
            for (int read; (read = file.Read(buffer)) > 0;) hash.AppendData(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
