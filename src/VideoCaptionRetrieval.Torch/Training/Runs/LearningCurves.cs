using System.Globalization;
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

    /// <param name="folder">The folder; it is made where it does not exist.</param>
    /// <param name="done">Steps that are done; lines of later ones, from a run that was ended, are dropped.</param>
    internal LearningCurves(string folder, int done)
    {
        _folder = folder;
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
        Line(_training, $"{step.Step},{step.Epoch},{step.Loss:R},{step.LearningRate:R},{step.Elapsed.TotalSeconds:0.000},{step.Waited.TotalSeconds:0.000}");
        _events.Add("training/loss", step.Step, step.Loss);
        _events.Add("training/learning_rate", step.Step, step.LearningRate);
        _losses.Add((step.Step, step.Loss));
    }

    internal void Add(ValidationPoint point)
    {
        var metrics = point.Metrics;
        Line(_validation, $"{point.Step},{metrics.RecallAt1:R},{metrics.RecallAt5:R},{metrics.RecallAt10:R},{metrics.MedianRank:R},{metrics.MeanReciprocalRank:R}");
        _events.Add("validation/recall_at_1", point.Step, metrics.RecallAt1);
        _events.Add("validation/recall_at_5", point.Step, metrics.RecallAt5);
        _events.Add("validation/recall_at_10", point.Step, metrics.RecallAt10);
        _recalls.Add((point.Step, metrics.RecallAt1));
    }

    /// <summary>Draws the curves anew.</summary>
    internal void Draw() => CurvePlot.Write(Path.Combine(_folder, PlotFile),
        ("loss of a step", _losses), ("held-out videos: text-to-video recall at 1, per cent", _recalls));

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
            .Where(line => line.Split(',') is { Length: > 1 } parts && int.TryParse(parts[0], out var step) && step <= done).ToList();
        if (done == 0) kept.Clear();
        AtomicFile.Create(path, temporary => File.WriteAllLines(temporary, kept.Prepend(head)));
        file = new(path, append: true);
        return [.. kept.Select(line => line.Split(',')).Select(parts =>
            (int.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[column], CultureInfo.InvariantCulture)))];
    }
}
