using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>
/// Shows how far long work has come, on stderr: a bar on a terminal, else a line now and then. An estimate from the first items comes first.
/// </summary>
internal sealed class WorkProgress
{
    private static readonly TimeSpan EstimateAfter = TimeSpan.FromSeconds(3), WorthEstimating = TimeSpan.FromSeconds(15), LineEvery = TimeSpan.FromSeconds(30);

    private readonly CommandContext _context;
    private readonly string _work;
    private int _total;
    private readonly ProgressTask? _bar;
    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan _lastLine;
    private bool _estimated;

    private WorkProgress(CommandContext context, string work, int total, ProgressTask? bar) => (_context, _work, _total, _bar) = (context, work, total, bar);

    /// <summary>Runs <paramref name="body"/>, which reports how many of <paramref name="total"/> items are done.</summary>
    /// <param name="context">Where to write.</param>
    /// <param name="work">What is done to what: "captioning 12 videos".</param>
    /// <param name="total">The number of items.</param>
    /// <param name="body">The work.</param>
    internal static T Show<T>(CommandContext context, string work, int total, Func<WorkProgress, T> body)
    {
        if (!context.IsTerminal) return body(new(context, work, total, bar: null));
        return context.Console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(bars => body(new(context, work, total, bars.AddTask(Markup.Escape(work), maxValue: total))));
    }

    /// <summary>Says that <paramref name="done"/> of <paramref name="total"/> items are finished in all, where the total was not known before.</summary>
    internal void Report(int done, int total)
    {
        _total = total;
        if (_bar is not null) _bar.MaxValue = total;
        Report(done);
    }

    /// <summary>Says that <paramref name="done"/> items are finished in all.</summary>
    internal void Report(int done)
    {
        var elapsed = Stopwatch.GetElapsedTime(_start);
        if (_bar is not null) _bar.Value = done;
        if (!_estimated && done > 0 && elapsed >= EstimateAfter) Estimate(done, elapsed);
        else if (_bar is null && elapsed - _lastLine >= LineEvery)
        {
            _lastLine = elapsed;
            _context.Say(string.Create(CultureInfo.InvariantCulture, $"{_work}: {done:#,0} of {_total:#,0}"));
        }
    }

    private void Estimate(int done, TimeSpan elapsed)
    {
        _estimated = true;
        var whole = elapsed * _total / done;
        if (whole - elapsed < WorthEstimating) return;
        var line = $"{_work}: about {Duration(whole)} here; Ctrl-C is safe, the same command continues";
        if (_bar is null) _context.Say(line);
        else _context.Console.WriteLine(line);
    }

    /// <summary>A duration for people, to the minute from an hour on: "3 h 10 min", "4 min", "20 s".</summary>
    internal static string Duration(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:#,0} h {time.Minutes} min"),
        { TotalMinutes: >= 1 } => $"{time.TotalMinutes:0} min",
        _ => $"{Math.Max(1, time.TotalSeconds):0} s",
    };
}
