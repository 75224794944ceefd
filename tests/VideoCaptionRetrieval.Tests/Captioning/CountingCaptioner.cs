using VideoCaptionRetrieval.Models;

namespace VideoCaptionRetrieval.Tests.Captioning;

/// <summary>Captions a frame by its first byte, "NAME 7"; counts calls and images; can fail or wait.</summary>
internal sealed class CountingCaptioner(string name, int size = 2) : IImageCaptioner
{
    internal List<int> Calls { get; } = [];
    internal int Images => Calls.Sum();
    internal bool Disposed { get; private set; }
    internal Action<int>? BeforeCall { get; set; }

    public FrameFormat FrameFormat => new(size);

    public string Identity { get; init; } = name + " of the test";

    public IReadOnlyList<string> Caption(ReadOnlyMemory<byte> frames, int count, CancellationToken cancellationToken = default)
    {
        BeforeCall?.Invoke(Calls.Count);
        cancellationToken.ThrowIfCancellationRequested();
        lock (Calls) Calls.Add(count);
        Assert.Equal(count * FrameFormat.FrameBytes, frames.Length);
        return [.. Enumerable.Range(0, count).Select(i => $"{name} {frames.Span[i * FrameFormat.FrameBytes]}")];
    }

    public void Dispose() => Disposed = true;
}
