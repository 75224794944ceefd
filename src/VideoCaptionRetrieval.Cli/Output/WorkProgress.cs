using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace VideoCaptionRetrieval.Cli.Output;

/// <summary>
/// Shows how far long work has come, on stderr: a bar on a terminal, else a line now and then. An estimate from the first items comes first.
/// </summary>
internal sealed class WorkProgress
{
    /// <summary>What Ctrl-C means where finished items are kept and found again.</summary>
    internal const string Continues = "; Ctrl-C is safe, the same command continues";

    private static readonly TimeSpan WorthEstimating = TimeSpan.FromSeconds(15), LineEvery = TimeSpan.FromSeconds(30);

    private readonly CommandContext _context;
    private readonly ProgressContext? _bars;
    private ProgressTask? _bar;
    private WorkEstimate _estimate = new();
    private string _work = "", _interruption = "";
    private int _total;
    private long _start;
    private TimeSpan _lastLine;
    private bool _estimated;

    private WorkProgress(CommandContext context, ProgressContext? bars) => (_context, _bars) = (context, bars);

    /// <summary>Runs <paramref name="body"/>, which begins one piece of work after another and reports on it.</summary>
    internal static T Show<T>(CommandContext context, Func<WorkProgress, T> body)
    {
        var result = !context.ShowsBars
            ? body(new(context, bars: null))
            : context.Console.Progress().AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(bars => body(new(context, bars)));
        // A terminal's Ctrl-C ends ffmpeg too, and what it leaves behind looks like unreadable videos.
        context.Cancellation.ThrowIfCancellationRequested();
        return result;
    }

    /// <summary>Begins a piece of work.</summary>
    /// <param name="work">What is done to what: "captioning 12 videos".</param>
    /// <param name="total">The number of items.</param>
    /// <param name="interruption">What Ctrl-C means, for the estimate: <see cref="Continues"/>, or nothing.</param>
    internal void Begin(string work, int total, string interruption = "")
    {
        (_work, _total, _interruption) = (work, total, interruption);
        (_estimate, _estimated, _start, _lastLine) = (new(), false, Stopwatch.GetTimestamp(), TimeSpan.Zero);
        _bar?.StopTask();
        _bar = _bars?.AddTask(Markup.Escape(work), maxValue: total);
    }

    /// <summary>Says that <paramref name="done"/> items are finished in all.</summary>
    /// <param name="done">Their number.</param>
    /// <param name="detail">What else there is to say in a line.</param>
    internal void Report(int done, string detail = "")
    {
        if (done == 0) return;
        var elapsed = Stopwatch.GetElapsedTime(_start);
        if (_bar is not null)
        {
            _bar.Value = done;
            if (detail.Length > 0) _bar.Description = Markup.Escape(Line(done, detail));
        }
        if (!_estimated && _estimate.Whole(done, _total, elapsed) is { } whole)
        {
            _estimated = true;
            if (whole - elapsed >= WorthEstimating) Print($"{_work}: about {Duration(whole)} here{_interruption}");
        }
        else if (_bar is null && elapsed - _lastLine >= LineEvery)
        {
            _lastLine = elapsed;
            Print(Line(done, detail));
        }
    }

    private string Line(int done, string detail) =>
        string.Create(CultureInfo.InvariantCulture, $"{_work}: {done:#,0} of {_total:#,0}{detail}");

    /// <summary>Prints a line for people, above the bars where there are some.</summary>
    internal void Print(string line)
    {
        if (_bars is null) _context.Report(line);
        else _context.Console.WriteLine(line);
    }

    /// <summary>A duration for people, to the minute from one minute on: "3 h 10 min", "4 min", "20 s".</summary>
    internal static string Duration(TimeSpan time)
    {
        var minutes = (long)Math.Round(time.TotalMinutes);
        return minutes switch
        {
            >= 60 => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:#,0} h {minutes % 60} min"),
            >= 1 when time.TotalSeconds >= 60 => $"{minutes} min",
            _ => Invariant($"{Math.Max(1, time.TotalSeconds):0} s"),
        };
    }
}

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

/// <summary>Progress on the reporting thread: Progress&lt;T&gt; would report from other threads, later and out of order.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
