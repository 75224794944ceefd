using System.Globalization;

namespace VideoCaptionRetrieval.Experiments.Ablations;

/// <summary>Says how many conditions of a run are done, and how long the others may take. Not thread-safe.</summary>
/// <param name="all">Conditions of the run, those whose results are kept already among them.</param>
/// <param name="progress">Takes lines for people.</param>
internal sealed class ConditionCount(int all, IProgress<string>? progress)
{
    private readonly List<double> _trainingSeconds = [];
    private int _done;

    /// <summary>Counts a condition.</summary>
    /// <param name="condition">The condition. A frozen model takes so little time that it says nothing about the others.</param>
    /// <param name="result">Its result; a kept one tells how long it took when it was computed.</param>
    /// <returns>The same result.</returns>
    internal ConditionResult Done(Condition condition, ConditionResult result)
    {
        if (condition.Captions != CaptionOrigin.Nothing) _trainingSeconds.Add(result.Seconds);
        _done++;
        progress?.Report(string.Create(CultureInfo.InvariantCulture, $"{_done} of {all} conditions done{Left(all - _done)}"));
        return result;
    }

    private string Left(int conditions) => conditions == 0 || _trainingSeconds.Count == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", about {Math.Ceiling(_trainingSeconds.Average() * conditions / 60):0} min for the others at most");
}
