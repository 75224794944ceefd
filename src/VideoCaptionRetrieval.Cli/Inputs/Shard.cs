namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>One of several processes that share a list of videos: it takes every Count-th, from the Index-th on.</summary>
/// <param name="Index">From 1 on.</param>
/// <param name="Count">How many processes there are.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>Reads I/N.</summary>
    /// <exception cref="UsageException">It is of another form.</exception>
    internal static Shard? Parse(string? text)
    {
        if (text is null) return null;
        return text.Split('/') is [var first, var second] && int.TryParse(first, out var index) && int.TryParse(second, out var count)
            && index >= 1 && index <= count
            ? new(index, count)
            : throw new UsageException($"--shard: found '{text}', expected I/N with I from 1 to N, such as 1/4.");
    }

    /// <summary>The clips of this process; clips of one list go to the same one however often it is read.</summary>
    internal IReadOnlyList<VideoClip> Of(IReadOnlyList<VideoClip> clips) => [.. clips.Where((_, index) => index % Count == Index - 1)];
}
