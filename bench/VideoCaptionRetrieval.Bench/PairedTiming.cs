using System.Diagnostics;

namespace VideoCaptionRetrieval.Bench;

/// <summary>
/// Times several ways to do one thing in rounds: each round runs every way once, one after the other, so that what else the machine does
/// falls on all of them. Ratios are taken inside a round, and their median counts.
/// </summary>
/// <param name="rounds">How often each way is measured.</param>
internal sealed class PairedTiming(int rounds = 15)
{
    private static readonly TimeSpan PartOfARound = TimeSpan.FromMilliseconds(60);

    private readonly List<(string Name, Action Run)> _ways = [];

    /// <summary>Adds a way; the first one is what the others are compared with.</summary>
    internal PairedTiming Add(string name, Action run)
    {
        _ways.Add((name, run));
        return this;
    }

    /// <summary>Measures all of them.</summary>
    internal IReadOnlyList<TimedWay> Measure()
    {
        var repetitions = _ways.Select(way => Repetitions(way.Run)).ToArray();
        var times = _ways.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
            for (var i = 0; i < _ways.Count; i++) times[i][round] = Seconds(_ways[i].Run, repetitions[i]);
        return [.. _ways.Select((way, i) => new TimedWay(
            way.Name, Median(times[i]), Median([.. times[i].Select((time, round) => times[0][round] / time)])))];
    }

    private static int Repetitions(Action run)
    {
        Seconds(run, 1);
        return (int)Math.Clamp(PartOfARound.TotalSeconds / Seconds(run, 1), 1, 100_000);
    }

    private static double Seconds(Action run, int repetitions)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repetitions; i++) run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / repetitions;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length % 2 == 1 ? values[values.Length / 2] : (values[(values.Length / 2) - 1] + values[values.Length / 2]) / 2;
    }
}
