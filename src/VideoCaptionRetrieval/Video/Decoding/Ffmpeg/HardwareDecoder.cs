
namespace VideoCaptionRetrieval.Video.Decoding.Ffmpeg;

/// <summary>A way to decode on a graphics card, until it turns out not to work. Thread-safe.</summary>
/// <param name="name">What ffmpeg's -hwaccel takes; null = none.</param>
/// <param name="warn">Takes a line for people when it does not work.</param>
internal sealed class HardwareDecoder(string? name, Action<string>? warn)
{
    private int _failed;

    /// <summary>What -hwaccel takes; null = decode on the processor.</summary>
    internal string? Name => Volatile.Read(ref _failed) == 0 ? name : null;

    /// <summary>Says that a video that failed with it was decoded without.</summary>
    internal void Fail(string reason)
    {
        if (Interlocked.Exchange(ref _failed, 1) == 0)
            warn?.Invoke($"Decoding by '{name}' does not work here; videos are decoded on the processor. {reason}");
    }
}
