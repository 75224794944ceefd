namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>Foretells how long work takes from how fast its items are finished.</summary>
internal sealed class WorkEstimate
{
    private static readonly TimeSpan PatienceForTwo = TimeSpan.FromSeconds(10), PatienceForMore = TimeSpan.FromSeconds(3);

    private int _firstDone;
    private TimeSpan _first;

    /// <summary>The time of the whole work; null while that cannot be told yet.</summary>
    /// <param name="done">Items finished, at least 1.</param>
    /// <param name="total">All items.</param>
    /// <param name="elapsed">Time since the work began.</param>
    internal TimeSpan? Whole(int done, int total, TimeSpan elapsed)
    {
        if (_firstDone == 0) (_firstDone, _first) = (done, elapsed);
        // The first report comes after models were opened: where there is a second, the pace is that of what lies between.
        if (done > _firstDone) return elapsed < PatienceForMore ? null : elapsed + ((elapsed - _first) * (total - done) / (done - _firstDone));
        return elapsed < PatienceForTwo ? null : elapsed * total / done;
    }
}
