using System.Text.Json;
using VideoCaptionRetrieval.Cli.Output;
using VideoCaptionRetrieval.Data;

namespace VideoCaptionRetrieval.Cli.Inputs;

/// <summary>
/// The captions of a file, video by video in the order in which the file begins them. The file is read twice: once to check it and to count the
/// lines of each video, and once more to hand them out. Memory holds the names of all videos, and the lines of those that are not complete: one,
/// where the lines of a video stand together.
/// </summary>
internal sealed class CaptionGroups
{
    private readonly string _path;
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    private sealed record Line(int Number, string Text);

    /// <param name="path">The file; every line must have a time.</param>
    /// <exception cref="InvalidDataException">A line is broken.</exception>
    /// <exception cref="UserErrorException">There is no caption.</exception>
    internal CaptionGroups(string path)
    {
        _path = path;
        foreach (var video in CaptionLine.Read(path, line => line.Video, timed: true))
        {
            _lines[video] = _lines.GetValueOrDefault(video) + 1;
            Captions++;
        }
    }

    /// <summary>The number of lines.</summary>
    internal int Captions { get; }

    /// <summary>The number of videos.</summary>
    internal int Videos => _lines.Count;

    /// <summary>Reads the lines of each video, at least one.</summary>
    internal IEnumerable<List<CaptionLine>> Read()
    {
        var open = new Dictionary<string, List<Line>>(StringComparer.Ordinal);
        var begun = new Queue<string>();
        foreach (var (video, line) in JsonLines.Stream(_path, line => (CaptionLine.Of(line, timed: true).Video, new Line(line.Number, line.Object.GetRawText()))))
        {
            if (!open.TryGetValue(video, out var lines))
            {
                open.Add(video, lines = []);
                begun.Enqueue(video);
            }
            lines.Add(line);
            while (begun.TryPeek(out var first) && open[first].Count == _lines.GetValueOrDefault(first))
            {
                open.Remove(begun.Dequeue(), out var whole);
                yield return whole!.ConvertAll(one => CaptionLine.Of(new(_path, one.Number, JsonElement.Parse(one.Text)), timed: true));
            }
        }
        if (begun.Count > 0) throw new InvalidDataException($"'{_path}' has changed while it was read. Run the command again.");
    }
}
