namespace VideoCaptionRetrieval.Models.Checkpoints.Pickle;

/// <summary>
/// What one pickle may cost. Published checkpoints, optimisers included, need less than a tenth of it; a file made to fill the memory
/// reaches it in milliseconds.
/// </summary>
/// <param name="path">The file, for messages.</param>
internal sealed class PickleBudget(string path)
{
    /// <summary>The longest pickle that is read at all; tensors lie outside of it.</summary>
    internal const int MaximumBytes = 16 << 20;

    internal const int MaximumObjects = 500_000;
    internal const int MaximumStack = 100_000;
    internal const int MaximumMarks = 1_000;
    internal const int MaximumIntegerBytes = 16;

    private long _objects, _bytes;

    /// <summary>Counts objects that are about to be made.</summary>
    internal void Objects(long count)
    {
        if ((_objects += count) > MaximumObjects) throw Refused($"makes more than {MaximumObjects} objects");
    }

    /// <summary>Counts bytes of texts that are about to be copied.</summary>
    internal void Bytes(long count)
    {
        if ((_bytes += count) > MaximumBytes) throw Refused($"holds more than {MaximumBytes} bytes of text");
    }

    internal ModelFileException Refused(string what) =>
        new(path, $"the pickle {what}; no checkpoint needs that, so it is not opened.");
}
