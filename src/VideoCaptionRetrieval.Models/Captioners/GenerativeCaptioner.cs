using System.IO.Hashing;
using VideoCaptionRetrieval.Models.Generation;

namespace VideoCaptionRetrieval.Models.Captioners;

/// <summary>Captions images with any network that writes texts. Thread-safe: calls wait for each other. Whoever opens it disposes it.</summary>
internal sealed class GenerativeCaptioner : IImageCaptioner
{
    /// <summary>
    /// Images that run through the network at once: enough to keep a processor busy, while the keys and values of their tokens
    /// (42 MB an image for the published base model of BLIP) stay below half a gigabyte.
    /// </summary>
    internal const int DefaultBatchSize = 8;

    private readonly Lock _gate = new();
    private readonly ICaptionNetwork _network;
    private readonly ResolvedGeneration _rules;
    private readonly int[] _prompt;
    private readonly int _batchSize, _seed;
    private readonly Lazy<string> _identity;
    private bool _disposed;

    /// <param name="network">The network; it is this captioner's from here on.</param>
    /// <param name="options">Decoding settings; later changes to the object have no effect.</param>
    /// <param name="identity">Names checkpoint and settings; asked for at most once.</param>
    /// <param name="batchSize">Images at once; captions do not depend on it.</param>
    /// <exception cref="ArgumentException">Options are out of range, or leave no room for a text.</exception>
    internal GenerativeCaptioner(ICaptionNetwork network, GenerationOptions options, Func<string> identity, int batchSize = DefaultBatchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        (_network, _batchSize, _seed, _identity) = (network, batchSize, options.Seed, new(identity));
        (_rules, _prompt) = (network.Rules(options), network.Prompt(options.Prompt));
        TextGenerator.RequireRoom(_prompt.Length, _rules);
    }

    public FrameFormat FrameFormat => _network.FrameFormat;

    /// <summary>The first call hashes the checkpoint's files.</summary>
    public string Identity => _identity.Value;

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
        using var decoder = _network.StartDecoding(frames, count, _rules.MaxLength);
        return TextGenerator.Generate(decoder, _prompt, _rules, cancellationToken, Seeds(frames, count))
            .Select(text => _network.Caption(text.Ids, _prompt));
    }

    /// <summary>A seed from the pixels of each image: what is drawn does not depend on the batch.</summary>
    private int[] Seeds(ReadOnlySpan<byte> frames, int count)
    {
        if (_rules.Sampling is null) return [];
        var seeds = new int[count];
        for (var i = 0; i < count; i++)
            seeds[i] = (int)XxHash3.HashToUInt64(frames.Slice(i * FrameFormat.FrameBytes, FrameFormat.FrameBytes), _seed);
        return seeds;
    }
}
