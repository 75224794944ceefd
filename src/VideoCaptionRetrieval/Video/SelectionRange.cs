namespace VideoCaptionRetrieval.Video;

/// <summary>The clip that frames are selected from.</summary>
/// <param name="Start">Seconds from the video's first frame.</param>
/// <param name="End">Seconds from the video's first frame, not before <paramref name="Start"/>.</param>
/// <param name="KeyFrameTimes">Gives the times of the video's key frames, ascending; called only where they are wanted.</param>
internal sealed record SelectionRange(double Start, double End, Func<IReadOnlyList<double>> KeyFrameTimes)
{
    /// <summary>The shortest interval of a regular selection, in seconds: no video has more frames.</summary>
    internal const double ShortestInterval = 0.001;

    internal IReadOnlyList<double> Every(double seconds)
    {
        // The end itself belongs to what follows; what a double cannot hold does not make one frame more.
        var count = Math.Max((int)Math.Ceiling(((End - Start) / seconds) - 1e-9), 1);
        return [.. Enumerable.Range(0, count).Select(k => Start + (k * seconds))];
    }

    internal IReadOnlyList<double> KeyFrames()
    {
        var inside = KeyFrameTimes().Where(time => time >= Start && time < End).ToArray();
        return inside.Length > 0 ? inside : [Start];
    }
}
