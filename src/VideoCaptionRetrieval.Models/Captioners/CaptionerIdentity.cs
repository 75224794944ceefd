using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VideoCaptionRetrieval.Models.Captioners;

/// <summary>Names everything that captions depend on: the bytes of the checkpoint's files and the decoding settings.</summary>
internal static class CaptionerIdentity
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Hashes the files.</summary>
    /// <param name="kind">The kind of network.</param>
    /// <param name="files">The checkpoint's files; their names count, not where they lie.</param>
    /// <param name="options">Decoding settings.</param>
    internal static string Of(string kind, IEnumerable<string> files, GenerationOptions options) => $"{kind} sha256:{Hash(files)} {Settings(options)}";

    private static string Settings(GenerationOptions options)
    {
        var text = new StringBuilder(FormattableString.Invariant(
            $"beams={options.Beams} length={options.MinLength}-{options.MaxLength} repetition={options.RepetitionPenalty} "));
        text.Append(FormattableString.Invariant($"ngram={options.NoRepeatNgramSize} penalty={options.LengthPenalty} "));
        if (options.EarlyStopping) text.Append("early ");
        if (options.TopP is { } topP)
            text.Append(FormattableString.Invariant($"top-p={topP} top-k={options.TopK} temperature={options.Temperature} seed={options.Seed} "));
        if (options.StopToken is { } stop) text.Append($"stop={JsonSerializer.Serialize(stop)} ");
        return text.Append($"prompt={JsonSerializer.Serialize(options.Prompt ?? "")}").ToString();
    }

    private static string Hash(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        foreach (var path in files)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(path)}\n{file.Length}\n"));
            for (int read; (read = file.Read(buffer)) > 0;) hash.AppendData(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
