using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Models.Captioners;

/// <summary>Captions images with any network that writes texts. Thread-safe: calls run one at a time. The caller owns and disposes it.</summary>
public sealed class GenerativeCaptioner : IImageCaptioner
{
    /// <summary>
    /// Images per forward pass: enough to keep a processor busy, while the keys and values of their tokens (42 MB an image for the published
    /// base model of BLIP) stay below half a gigabyte.
    /// </summary>
    internal const int DefaultBatchSize = 8;

    private readonly Lock _gate = new();
    private readonly ICaptionNetwork _network;
    private readonly ResolvedGeneration _settings;
    private readonly int[] _prompt;
    private readonly int _batchSize, _seed;
    private readonly Lazy<string> _identity;
    private bool _disposed;

    /// <param name="network">The network; the captioner takes ownership.</param>
    /// <param name="options">Decoding settings; later changes to the object have no effect.</param>
    /// <param name="identity">Computes the identity of checkpoint and settings; called at most once.</param>
    /// <param name="batchSize">Images per forward pass; captions do not depend on it.</param>
    /// <exception cref="ArgumentException">Options are out of range, or leave no room for a text.</exception>
    internal GenerativeCaptioner(ICaptionNetwork network, GenerationOptions options, Func<string> identity, int batchSize = DefaultBatchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_network, _batchSize, _seed, _identity) = (network, batchSize, options.Seed, new(identity));
        (_settings, _prompt) = (network.Resolve(options), network.Prompt(options.Prompt));
        TextGenerator.RequireRoom(_prompt.Length, _settings);
    }

    /// <summary>Makes the captioner of a checkpoint's network and owns it; disposes the network where the options do not fit.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Decoding settings.</param>
    /// <param name="kind">The kind of network, which begins <see cref="Identity"/>.</param>
    /// <param name="files">All files of the checkpoint.</param>
    /// <param name="batchSize">Images per forward pass; captions do not depend on it.</param>
    /// <exception cref="ArgumentException">Options are out of range, or leave no room for a text.</exception>
    internal static GenerativeCaptioner Create(
        ICaptionNetwork network, GenerationOptions options, string kind, IEnumerable<string> files, int batchSize = DefaultBatchSize)
    {
        try
        {
            var settings = options.Copy();
            return new(network, settings, () => CaptionerIdentity.Compute(kind, files, settings), batchSize);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public FrameFormat FrameFormat => _network.FrameFormat;

    /// <inheritdoc/>
    /// <remarks>The first access hashes the checkpoint's files.</remarks>
    public string Identity => _identity.Value;

    /// <inheritdoc/>
    public IReadOnlyList<string> Caption(ReadOnlyMemory<byte> frames, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var expected = (long)count * FrameFormat.FrameBytes;
        if (frames.Length != expected)
        {
            throw new ArgumentException($"{count} frames of [{FrameFormat.Size}, {FrameFormat.Size}, 3] are {expected} bytes; "
                + $"found {frames.Length}.", nameof(frames));
        }
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var captions = new List<string>(count);
            for (var first = 0; first < count; first += _batchSize)
            {
                var size = Math.Min(_batchSize, count - first);
                var batch = frames.Span.Slice(first * FrameFormat.FrameBytes, size * FrameFormat.FrameBytes);
                captions.AddRange(CaptionBatch(batch, size, cancellationToken));
            }
            return captions;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            _network.Dispose();
        }
    }

    private IEnumerable<string> CaptionBatch(ReadOnlySpan<byte> frames, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var decoder = _network.StartDecoding(frames, count, _settings.MaxLength);
        return TextGenerator.Generate(decoder, _prompt, _settings, cancellationToken, Seeds(frames, count))
            .Select(text => _network.Caption(text.Ids, _prompt));
    }

    /// <summary>Derives a seed from the pixels of each image, so that its text does not depend on the batch.</summary>
    private int[] Seeds(ReadOnlySpan<byte> frames, int count)
    {
        if (_settings.Sampling is null) return [];
        var seeds = new int[count];
        for (var i = 0; i < count; i++)
            seeds[i] = (int)XxHash3.HashToUInt64(frames.Slice(i * FrameFormat.FrameBytes, FrameFormat.FrameBytes), _seed);
        return seeds;
    }
}

/// <summary>Identifies everything that captions depend on: the bytes of the checkpoint's files and the decoding settings.</summary>
internal static class CaptionerIdentity
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Hashes the files and appends the settings.</summary>
    /// <param name="kind">The kind of network.</param>
    /// <param name="files">The checkpoint's files; their names are hashed, not their folders.</param>
    /// <param name="options">Decoding settings.</param>
    internal static string Compute(string kind, IEnumerable<string> files, GenerationOptions options) =>
        $"{kind} sha256:{Hash(files)} {Settings(options)}";

    private static string Settings(GenerationOptions options)
    {
        var text = new StringBuilder(Invariant(
            $"beams={options.Beams} length={options.MinLength}-{options.MaxLength} repetition={options.RepetitionPenalty} "));
        text.Append(Invariant($"ngram={options.NoRepeatNgramSize} penalty={options.LengthPenalty} "));
        if (options.EarlyStopping) text.Append("early ");
        if (options.TopP is { } topP)
            text.Append(Invariant($"top-p={topP} top-k={options.TopK} temperature={options.Temperature} seed={options.Seed} "));
        if (options.StopToken is { } stop) text.Append(Invariant($"stop={JsonSerializer.Serialize(stop)} "));
        return text.Append(Invariant($"prompt={JsonSerializer.Serialize(options.Prompt ?? "")}")).ToString();
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
