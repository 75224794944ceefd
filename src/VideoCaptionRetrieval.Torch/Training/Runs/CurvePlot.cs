using System.Globalization;
using System.Text;
using VideoCaptionRetrieval.Models.Checkpoints;

namespace VideoCaptionRetrieval.Torch.Training.Runs;

/// <summary>Draws curves as an SVG picture, one above the other.</summary>
internal static class CurvePlot
{
    private const int Width = 760, PanelHeight = 220, Left = 70, Right = 20, Top = 30, Bottom = 40, MostPoints = 600, MostLabels = 8;

    /// <param name="path">The file; it is replaced when it is complete.</param>
    /// <param name="panels">Titles and points (step, value); panels without points are left out.</param>
    internal static void Write(string path, params (string Title, IReadOnlyList<(int Step, double Value)> Points)[] panels)
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
        foreach (var step in points.Count <= MostLabels ? points.Select(point => point.Step) : [first, last])
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
        return numbers.Count <= MostPoints
            ? numbers
            : [.. numbers.Chunk((numbers.Count + MostPoints - 1) / MostPoints).Select(run => (run[^1].Step, run.Average(point => point.Value)))];
    }
}
