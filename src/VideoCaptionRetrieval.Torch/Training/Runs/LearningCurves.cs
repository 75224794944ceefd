using System.Globalization;
using System.Text;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>
/// Writes how a training goes into a folder: training.csv (a line a step), validation.csv, curves.svg, and a file of events for TensorBoard.
/// A run that goes on from a checkpoint goes on with the files. Not thread-safe.
/// </summary>
internal sealed class LearningCurves : IDisposable
{
    private const string TrainingFile = "training.csv", ValidationFile = "validation.csv", PlotFile = "curves.svg";
    private const string TrainingHead = "step,epoch,loss,learning_rate,elapsed_seconds,waited_seconds";
    private const string ValidationHead = "step,recall_at_1,recall_at_5,recall_at_10,median_rank,mean_reciprocal_rank";

    private readonly string _folder;
    private readonly TensorBoardFile _events;
    private readonly StreamWriter _training, _validation;
    private readonly List<(int Step, double Value)> _losses, _recalls;
    private readonly string _queries;

    /// <summary>Opens the files.</summary>
    /// <param name="folder">The folder; it is created where it does not exist.</param>
    /// <param name="done">Steps that are done; lines of later ones, from a run that was interrupted, are dropped.</param>
    /// <param name="asksGivenQueries">Whether the queries of what is measured are given, instead of captions.</param>
    internal LearningCurves(string folder, int done, bool asksGivenQueries)
    {
        (_folder, _queries) = (folder, TrainingReport.Queries(asksGivenQueries));
        Directory.CreateDirectory(folder);
        _losses = Open(TrainingFile, TrainingHead, done, column: 2, out _training);
        _recalls = Open(ValidationFile, ValidationHead, done, column: 1, out _validation);
        _events = new(folder);
    }

    /// <summary>Adds a step, and what was measured after it.</summary>
    internal void Add(TrainingProgress step, ValidationPoint? measured)
    {
        Add(step);
        if (measured is null) return;
        Add(measured);
        Draw();
    }

    private void Add(TrainingProgress step)
    {
        var (elapsed, wait) = (step.Elapsed.TotalSeconds, step.DataWait.TotalSeconds);
        Line(_training, $"{step.Step},{step.Epoch},{step.Loss:R},{step.LearningRate:R},{elapsed:0.000},{wait:0.000}");
        _events.Add("training/loss", step.Step, step.Loss);
        _events.Add("training/learning_rate", step.Step, step.LearningRate);
        _losses.Add((step.Step, step.Loss));
    }

    internal void Add(ValidationPoint point)
    {
        var metrics = point.Metrics;
        var (median, reciprocal) = (metrics.MedianRank, metrics.MeanReciprocalRank);
        Line(_validation, $"{point.Step},{metrics.RecallAt1:R},{metrics.RecallAt5:R},{metrics.RecallAt10:R},{median:R},{reciprocal:R}");
        _events.Add("validation/recall_at_1", point.Step, metrics.RecallAt1);
        _events.Add("validation/recall_at_5", point.Step, metrics.RecallAt5);
        _events.Add("validation/recall_at_10", point.Step, metrics.RecallAt10);
        _recalls.Add((point.Step, metrics.RecallAt1));
    }

    /// <summary>Draws the curves again.</summary>
    internal void Draw() => CurvePlot.Write(Path.Combine(_folder, PlotFile),
        ("loss of a step", _losses), ($"held-out videos: text-to-video recall at 1, per cent, {_queries}", _recalls));

    public void Dispose()
    {
        Draw();
        _training.Dispose();
        _validation.Dispose();
        _events.Dispose();
    }

    private static void Line(StreamWriter file, FormattableString line)
    {
        file.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        file.Flush();
    }

    private List<(int Step, double Value)> Open(string name, string head, int done, int column, out StreamWriter file)
    {
        var path = Path.Combine(_folder, name);
        var kept = (File.Exists(path) ? File.ReadAllLines(path) : []).Skip(1)
            .Where(line => line.Split(',') is { Length: > 1 } parts && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var step) && step <= done).ToList();
        if (done == 0) kept.Clear();
        AtomicFile.Create(path, temporary => File.WriteAllLines(temporary, kept.Prepend(head)));
        file = new(path, append: true);
        return [.. kept.Select(line => line.Split(',')).Select(parts =>
            (int.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[column], CultureInfo.InvariantCulture)))];
    }
}

/// <summary>Draws curves as an SVG picture, one above the other.</summary>
public static class CurvePlot
{
    private const int Width = 760, PanelHeight = 220, Left = 70, Right = 20, Top = 30, Bottom = 40, MaxPoints = 600, MaxLabels = 8;

    /// <summary>Writes the picture.</summary>
    /// <param name="path">The file; it is replaced when it is complete.</param>
    /// <param name="panels">Titles and points (step, value); panels without points are left out.</param>
    public static void Write(string path, params (string Title, IReadOnlyList<(int Step, double Value)> Points)[] panels)
    {
        var drawn = panels.Where(panel => panel.Points.Count > 0).ToList();
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{drawn.Count * PanelHeight}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (var i = 0; i < drawn.Count; i++) Panel(svg, i * PanelHeight, drawn[i].Title, Thinned(drawn[i].Points));
        svg.Append("</svg>\n");
        AtomicFile.Create(path, temporary => File.WriteAllText(temporary, svg.ToString()));
    }

    private static void Panel(StringBuilder svg, int y, string title, List<(int Step, double Value)> points)
    {
        var (least, most) = (points.Min(point => point.Value), points.Max(point => point.Value));
        if (most == least) (least, most) = (least - 1, most + 1);
        var (first, last) = (points[0].Step, Math.Max(points[^1].Step, points[0].Step + 1));
        double X(int step) => Left + ((Width - Left - Right) * (double)(step - first) / (last - first));
        double Y(double value) => y + Top + ((PanelHeight - Top - Bottom) * (most - value) / (most - least));
        var culture = CultureInfo.InvariantCulture;
        svg.Append(culture, $"<text x=\"{Left}\" y=\"{y + 18}\" font-weight=\"bold\">{title}</text>\n");
        svg.Append(culture, $"<rect x=\"{Left}\" y=\"{y + Top}\" width=\"{Width - Left - Right}\" height=\"{PanelHeight - Top - Bottom}\" fill=\"none\" stroke=\"#bbb\"/>\n");
        foreach (var value in new[] { least, (least + most) / 2, most })
            svg.Append(culture, $"<text x=\"{Left - 6}\" y=\"{Y(value) + 4:0.0}\" text-anchor=\"end\">{value:0.###}</text>\n");
        foreach (var step in points.Count <= MaxLabels ? points.Select(point => point.Step) : [first, last])
            svg.Append(culture, $"<text x=\"{X(step):0.0}\" y=\"{y + PanelHeight - Bottom + 16}\" text-anchor=\"middle\">{step}</text>\n");
        var line = string.Join(' ', points.Select(point => string.Create(culture, $"{X(point.Step):0.0},{Y(point.Value):0.0}")));
        svg.Append(culture, $"<polyline points=\"{line}\" fill=\"none\" stroke=\"#1f77b4\" stroke-width=\"1.5\"/>\n");
        if (points.Count <= 60)
            foreach (var (step, value) in points) svg.Append(culture, $"<circle cx=\"{X(step):0.0}\" cy=\"{Y(value):0.0}\" r=\"2.5\" fill=\"#1f77b4\"/>\n");
    }

    /// <summary>Means of runs of neighbours, where there are more points than the picture has room for.</summary>
    private static List<(int Step, double Value)> Thinned(IReadOnlyList<(int Step, double Value)> points)
    {
        var numbers = points.Where(point => double.IsFinite(point.Value)).ToList();
        if (numbers.Count == 0) return [(0, 0)];
        return numbers.Count <= MaxPoints
            ? numbers
            : [.. numbers.Chunk((numbers.Count + MaxPoints - 1) / MaxPoints).Select(run => (run[^1].Step, run.Average(point => point.Value)))];
    }
}
